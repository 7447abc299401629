package tensorproto

import (
	"encoding/binary"
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// Elements turns the little-endian elements of a tensor into numbers: float16 and bfloat16 are widened to float32,
// integers and booleans to float64 (exact up to 2^53).
func Elements(d DType, shape tensor.Shape, data []byte) (tensor.Any, error) {
	n, err := elementCount(d, shape)
	if err != nil {
		return nil, err
	}
	if len(data)/d.Size() != n || len(data)%d.Size() != 0 {
		return nil, fmt.Errorf("%v elements of shape %v take %d bytes, found %d", d, shape, n*d.Size(), len(data))
	}
	switch d.Base() {
	case Float:
		return single(shape, data, 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }), nil
	case Half:
		return single(shape, data, 2, func(b []byte) float32 { return halfToFloat(binary.LittleEndian.Uint16(b)) }), nil
	case BFloat16:
		return single(shape, data, 2, func(b []byte) float32 { return bfloatToFloat(binary.LittleEndian.Uint16(b)) }), nil
	case Double:
		return double(shape, data, 8, func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }), nil
	}
	return double(shape, data, d.Size(), func(b []byte) float64 { return float64(integer(d, b)) }), nil
}

// elementCount checks that a tensor of that type and shape can be held.
func elementCount(d DType, shape tensor.Shape) (int, error) {
	if d.Size() == 0 {
		return 0, fmt.Errorf("elements of type %v are not numbers that are read here", d)
	}
	n, ok := shape.CheckedLen()
	if !ok || n > math.MaxInt/8 {
		return 0, fmt.Errorf("the shape %v is not that of a tensor", shape)
	}
	return n, nil
}

func single(shape tensor.Shape, data []byte, size int, value func([]byte) float32) tensor.Any {
	out := make([]float32, len(data)/size)
	if size == 4 { // the usual case, without a call for each element
		for i := range out {
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
		}
		return tensor.From(out, shape...)
	}
	for i := range out {
		out[i] = value(data[i*size:])
	}
	return tensor.From(out, shape...)
}

func double(shape tensor.Shape, data []byte, size int, value func([]byte) float64) tensor.Any {
	out := make([]float64, len(data)/size)
	for i := range out {
		out[i] = value(data[i*size:])
	}
	return tensor.From(out, shape...)
}

// integer reads one element of an integer or boolean type.
func integer(d DType, b []byte) int64 {
	switch d.Base() {
	case Int8:
		return int64(int8(b[0]))
	case Uint8, Bool:
		return int64(b[0])
	case Int16:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case Uint16:
		return int64(binary.LittleEndian.Uint16(b))
	case Int32:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	case Uint32:
		return int64(binary.LittleEndian.Uint32(b))
	}
	return int64(binary.LittleEndian.Uint64(b))
}

func bfloatToFloat(v uint16) float32 { return math.Float32frombits(uint32(v) << 16) }

// halfToFloat widens an IEEE 754 half: 1 sign, 5 exponent, 10 fraction bits.
func halfToFloat(v uint16) float32 {
	sign, exponent, fraction := uint32(v>>15)<<31, uint32(v>>10&31), uint32(v&1023)
	switch exponent {
	case 31: // infinity and NaN
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	case 0: // zero and denormals: fraction * 2^-24, which is exact
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
