// Package element turns the elements of tensors, as files hold them, into numbers.
package element

import (
	"encoding/binary"
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// Type is the type of a tensor's elements, by NumPy's name. Types that are not listed here, such as strings, are not decoded.
type Type string

// The types that are decoded.
const (
	Float32  Type = "float32"
	Float64  Type = "float64"
	Float16  Type = "float16"
	BFloat16 Type = "bfloat16"
	Int8     Type = "int8"
	Int16    Type = "int16"
	Int32    Type = "int32"
	Int64    Type = "int64"
	Uint8    Type = "uint8"
	Uint16   Type = "uint16"
	Uint32   Type = "uint32"
	Uint64   Type = "uint64"
	Bool     Type = "bool"
)

var sizes = map[Type]int{
	Float32: 4, Float64: 8, Float16: 2, BFloat16: 2, Int8: 1, Int16: 2, Int32: 4, Int64: 8, Uint8: 1, Uint16: 2, Uint32: 4, Uint64: 8, Bool: 1,
}

// Size is the number of bytes of an element, 0 for types that are not decoded.
func (t Type) Size() int { return sizes[t] }

// IsFloat tells whether the type can hold weights.
func (t Type) IsFloat() bool {
	switch t {
	case Float32, Float64, Float16, BFloat16:
		return true
	}
	return false
}

// Count is the number of elements of a tensor, which must be one that can be held.
func Count(t Type, shape tensor.Shape) (int, error) {
	if t.Size() == 0 {
		return 0, fmt.Errorf("elements of type %s are not numbers that are read here", t)
	}
	n, ok := shape.CheckedLen()
	if !ok || n > math.MaxInt/8 {
		return 0, fmt.Errorf("the shape %v is not that of a tensor", shape)
	}
	return n, nil
}

// Decode turns little-endian elements into numbers: float16 and bfloat16 are widened to float32, integers and booleans to
// float64 (exact up to 2^53).
func Decode(t Type, shape tensor.Shape, data []byte) (tensor.Any, error) {
	n, err := Count(t, shape)
	if err != nil {
		return nil, err
	}
	if len(data)/t.Size() != n || len(data)%t.Size() != 0 {
		return nil, fmt.Errorf("%s elements of shape %v take %d bytes, found %d", t, shape, n*t.Size(), len(data))
	}
	switch t {
	case Float32:
		return float32s(shape, data), nil
	case Float16:
		return decode(shape, data, 2, func(b []byte) float32 { return Half(binary.LittleEndian.Uint16(b)) }), nil
	case BFloat16:
		return decode(shape, data, 2, func(b []byte) float32 { return Brain(binary.LittleEndian.Uint16(b)) }), nil
	case Float64:
		return decode(shape, data, 8, func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }), nil
	}
	return decode(shape, data, t.Size(), func(b []byte) float64 { return integer(t, b) }), nil
}

// float32s is the usual case, without a call for each element.
func float32s(shape tensor.Shape, data []byte) tensor.Any {
	out := make([]float32, len(data)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return tensor.From(out, shape...)
}

func decode[T tensor.Float](shape tensor.Shape, data []byte, size int, value func([]byte) T) tensor.Any {
	out := make([]T, len(data)/size)
	for i := range out {
		out[i] = value(data[i*size:])
	}
	return tensor.From(out, shape...)
}

// integer reads one element of an integer or boolean type.
func integer(t Type, b []byte) float64 {
	switch t {
	case Int8:
		return float64(int8(b[0]))
	case Uint8, Bool:
		return float64(b[0])
	case Int16:
		return float64(int16(binary.LittleEndian.Uint16(b)))
	case Uint16:
		return float64(binary.LittleEndian.Uint16(b))
	case Int32:
		return float64(int32(binary.LittleEndian.Uint32(b)))
	case Uint32:
		return float64(binary.LittleEndian.Uint32(b))
	case Uint64:
		return float64(binary.LittleEndian.Uint64(b))
	}
	return float64(int64(binary.LittleEndian.Uint64(b)))
}
