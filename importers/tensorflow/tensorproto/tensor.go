package tensorproto

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/element"
	"parity/importers/proto"
)

var tensorSchema = proto.Schema{Name: "TensorProto", Fields: map[protowire.Number]string{
	1: "dtype", 2: "tensor_shape", 3: "version_number", 4: "tensor_content", 5: "float_val", 6: "double_val", 7: "int_val",
	8: "string_val", 9: "scomplex_val", 10: "int64_val", 11: "bool_val", 12: "dcomplex_val", 13: "half_val",
	14: "resource_handle_val", 15: "variant_val", 16: "uint32_val", 17: "uint64_val", 18: "float8_val",
}}

// Tensor is a TensorProto. Its elements stand in one of two ways: as bytes in Content, or in the list for its type, where
// the last one is repeated until the shape is full.
type Tensor struct {
	DType   DType
	Shape   tensor.Shape
	Content []byte
	Floats  []float32
	Doubles []float64
	Ints    []int64 // all integer types, booleans, and the bits of float16 and bfloat16
	Strings [][]byte
}

// Read reads a TensorProto. Only the file's own bytes are kept; nothing is filled up yet.
func Read(m proto.Message) (*Tensor, error) {
	t := &Tensor{Shape: tensor.Shape{}}
	for f, err := range m.Fields(tensorSchema) {
		if err == nil {
			err = t.read(f)
		}
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *Tensor) read(f proto.Field) (err error) {
	switch f.Name {
	case "dtype":
		var v int
		v, err = f.Enum(DTypes)
		t.DType = DType(v)
	case "tensor_shape":
		t.Shape, err = readField(f)
	case "tensor_content":
		t.Content, err = f.Bytes()
	case "float_val":
		t.Floats, err = f.Floats(t.Floats)
	case "double_val":
		t.Doubles, err = f.Doubles(t.Doubles)
	case "int_val", "int64_val", "half_val", "uint32_val", "uint64_val":
		t.Ints, err = f.Ints(t.Ints)
	case "bool_val":
		t.Ints, err = f.Bools(t.Ints)
	case "string_val":
		var b []byte
		b, err = f.Bytes()
		t.Strings = append(t.Strings, b)
	}
	return err
}

func readField(f proto.Field) (tensor.Shape, error) {
	m, err := f.Message()
	if err != nil {
		return nil, err
	}
	shape, err := ReadShape(m)
	if err == nil && shape == nil {
		err = f.Errorf("a tensor's value needs a shape, found one of unknown rank")
	}
	return shape, err
}

// MaxFilled is the most elements that a tensor is filled up to by repeating its last value: a few bytes of a file must not
// claim all memory.
const MaxFilled = 1 << 22

// Filled is the number of elements that come from repetition, not from the file.
func (t *Tensor) Filled() int {
	n, ok := t.Shape.CheckedLen()
	if !ok || len(t.Content) > 0 {
		return 0
	}
	return max(n-t.listed(), 0)
}

// listed is the number of elements in the list for the type.
func (t *Tensor) listed() int {
	switch t.DType.Base() {
	case Float:
		return len(t.Floats)
	case Double:
		return len(t.Doubles)
	case String:
		return len(t.Strings)
	}
	return len(t.Ints)
}

// Value returns the elements as numbers; see Elements.
func (t *Tensor) Value() (tensor.Any, error) {
	if len(t.Content) > 0 {
		return Elements(t.DType, t.Shape, t.Content)
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	switch t.DType.Base() {
	case Float:
		return fill(t.Shape, t.Floats, func(v float32) float32 { return v }), nil
	case Double:
		return fill(t.Shape, t.Doubles, func(v float64) float64 { return v }), nil
	case Half:
		return fill(t.Shape, t.Ints, func(v int64) float32 { return element.Half(uint16(v)) }), nil
	case BFloat16:
		return fill(t.Shape, t.Ints, func(v int64) float32 { return element.Brain(uint16(v)) }), nil
	}
	return fill(t.Shape, t.Ints, func(v int64) float64 { return float64(v) }), nil
}

// check reports lists that do not go with the shape.
func (t *Tensor) check() error {
	n, err := element.Count(t.DType.element(), t.Shape)
	if err != nil {
		return err
	}
	if listed := t.listed(); listed > n {
		return fmt.Errorf("a tensor of shape %v has %d elements, found %d", t.Shape, n, listed)
	}
	if t.Filled() > MaxFilled {
		return fmt.Errorf("one value is to be repeated over the shape %v: more than the %d elements that are filled up here", t.Shape, MaxFilled)
	}
	return nil
}

// fill repeats the last value; a tensor without any is zero.
func fill[From any, To tensor.Float](shape tensor.Shape, values []From, convert func(From) To) tensor.Any {
	out := tensor.New[To](shape...)
	for i, v := range values {
		out.Data[i] = convert(v)
	}
	if len(values) == 0 {
		return out
	}
	last := convert(values[len(values)-1])
	for i := len(values); i < len(out.Data); i++ {
		out.Data[i] = last
	}
	return out
}

// maxIntegers is the most elements of a constant that steers an operation: axes, a shape, paddings.
const maxIntegers = 1 << 12

// Integers returns the elements of an integer tensor.
func (t *Tensor) Integers() ([]int, error) {
	if n, ok := t.Shape.CheckedLen(); !ok || n > maxIntegers {
		return nil, fmt.Errorf("expected a few integers, found a tensor of shape %v", t.Shape)
	}
	if t.DType.IsFloat() || t.DType.Size() == 0 {
		return nil, fmt.Errorf("expected integers, found elements of type %v", t.DType)
	}
	v, err := t.Value()
	if err != nil {
		return nil, err
	}
	var out []int
	for _, x := range tensor.As[float64](v).Data {
		out = append(out, int(max(min(x, math.MaxInt32), math.MinInt32)))
	}
	return out, nil
}
