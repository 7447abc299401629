package model

import (
	"fmt"
	"math"
	"os"

	"parity/googlenet/tensor"
	"parity/importers/element"
	"parity/importers/proto"
	"parity/importers/source"
)

// Tensor is a TensorProto. Its elements stand in one of three ways: as bytes in Raw, in the list for its type, or in another
// file.
type Tensor struct {
	Name     string
	DType    DType
	Shape    tensor.Shape
	Raw      []byte
	HasRaw   bool
	Floats   []float32
	Doubles  []float64
	Ints     []int64 // all integer types, booleans, and the bits of float16 and bfloat16
	External *External

	File, Position string
	segmented      bool
}

// Errorf returns an error that names the tensor and its place.
func (t *Tensor) Errorf(format string, args ...any) error {
	return source.Errorf(t.File, t.Position, "tensor %q: %s", t.Name, fmt.Sprintf(format, args...))
}

// ReadTensor reads a file that holds one TensorProto, as the conformance tests keep inputs and outputs.
func ReadTensor(path string) (*Tensor, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseTensor(path, data)
}

// ParseTensor is ReadTensor for a file's bytes.
func ParseTensor(file string, data []byte) (*Tensor, error) {
	if err := recogniseTensor(file, data); err != nil {
		return nil, err
	}
	message, err := parseMessage(file, data)
	if err != nil {
		return nil, err
	}
	t := &Tensor{File: file, Position: message.Position(), Shape: tensor.Shape{}}
	return t.checked(each(message, tensorSchema, t.read))
}

func readTensor(f proto.Field, file string) (*Tensor, error) {
	t := &Tensor{File: file, Position: f.Position(), Shape: tensor.Shape{}}
	return t.checked(inside(f, tensorSchema, t.read))
}

func (t *Tensor) checked(err error) (*Tensor, error) {
	if err == nil && t.segmented {
		err = t.Errorf("it is stored in segments, which are not read; save the model anew")
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (t *Tensor) read(f proto.Field) (err error) {
	switch f.Name {
	case "dims":
		err = t.readDims(f)
	case "data_type":
		t.DType, err = readDType(f)
	case "name":
		t.Name, err = f.String()
	case "raw_data":
		t.Raw, err = f.Bytes()
		t.HasRaw = true
	case "float_data":
		t.Floats, err = f.Floats(t.Floats)
	case "double_data":
		t.Doubles, err = f.Doubles(t.Doubles)
	case "int32_data", "int64_data", "uint64_data":
		t.Ints, err = f.Ints(t.Ints)
	case "segment":
		t.segmented = true
	case "external_data", "data_location":
		if t.External == nil {
			t.External = &External{}
		}
		err = t.External.read(f)
	}
	return err
}

func (t *Tensor) readDims(f proto.Field) error {
	dims, err := f.Ints(nil)
	for _, d := range dims {
		if d < 0 || d > math.MaxInt32 || len(t.Shape) == maxRank {
			return f.Errorf("the tensor should have at most %d dimensions of 0 to %d cells, found %d", maxRank, math.MaxInt32, d)
		}
		t.Shape = append(t.Shape, int(d))
	}
	return err
}

// Value returns the elements as numbers; see element.Decode. It reads the file that they lie in, if it is another one.
func (t *Tensor) Value() (tensor.Any, error) {
	n, err := element.Count(t.DType.Element(), t.Shape)
	if err != nil {
		return nil, t.Errorf("%v", err)
	}
	switch {
	case t.External != nil && t.External.used:
		data, err := t.external(n * t.DType.Element().Size())
		if err != nil {
			return nil, err
		}
		return t.decode(data)
	case t.HasRaw:
		return t.decode(t.Raw)
	}
	return t.listed(n)
}

func (t *Tensor) decode(data []byte) (tensor.Any, error) {
	v, err := element.Decode(t.DType.Element(), t.Shape, data)
	if err != nil {
		return nil, t.Errorf("%v", err)
	}
	return v, nil
}

// listed returns the elements of the list for the type, of which there must be as many as the shape has.
func (t *Tensor) listed(n int) (tensor.Any, error) {
	switch t.DType {
	case Float:
		return from(t, n, t.Floats, func(v float32) float32 { return v })
	case Double:
		return from(t, n, t.Doubles, func(v float64) float64 { return v })
	case Float16:
		return from(t, n, t.Ints, func(v int64) float32 { return element.Half(uint16(v)) })
	case BFloat16:
		return from(t, n, t.Ints, func(v int64) float32 { return element.Brain(uint16(v)) })
	case Uint64:
		return from(t, n, t.Ints, func(v int64) float64 { return float64(uint64(v)) })
	}
	return from(t, n, t.Ints, func(v int64) float64 { return float64(v) })
}

func from[From any, To tensor.Float](t *Tensor, n int, values []From, convert func(From) To) (tensor.Any, error) {
	if len(values) != n {
		return nil, t.Errorf("%v elements of shape %v are %d, found %d", t.DType, t.Shape, n, len(values))
	}
	out := make([]To, n)
	for i, v := range values {
		out[i] = convert(v)
	}
	return tensor.From(out, t.Shape...), nil
}
