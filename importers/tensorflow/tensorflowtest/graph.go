// Package tensorflowtest writes small GraphDefs for tests, in binary and in text.
package tensorflowtest

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/tensorflow/tensorproto"
)

// Graph is a list of nodes.
type Graph []Node

// Node is one operation. An attribute is a string, int, float32, bool, tensorproto.DType, tensor.Shape (nil for an unknown
// rank), []int, []tensor.Shape or Tensor.
type Node struct {
	Name, Op string
	Inputs   []string
	Attrs    map[string]any
}

// Tensor is a TensorProto with raw content.
type Tensor struct {
	DType   tensorproto.DType
	Shape   tensor.Shape
	Content []byte
}

// Floats is a float32 tensor.
func Floats(shape tensor.Shape, values ...float32) Tensor {
	t := Tensor{DType: tensorproto.Float, Shape: shape}
	for _, v := range values {
		t.Content = binary.LittleEndian.AppendUint32(t.Content, math.Float32bits(v))
	}
	return t
}

// Ramp is a float32 tensor that counts up from 1.
func Ramp(shape ...int) Tensor {
	values := make([]float32, tensor.Shape(shape).Len())
	for i := range values {
		values[i] = float32(i + 1)
	}
	return Floats(shape, values...)
}

// Ints is an int32 tensor.
func Ints(shape tensor.Shape, values ...int32) Tensor {
	t := Tensor{DType: tensorproto.Int32, Shape: shape}
	for _, v := range values {
		t.Content = binary.LittleEndian.AppendUint32(t.Content, uint32(v))
	}
	return t
}

// Op is a node with attributes by turns: name, value.
func Op(name, op string, inputs []string, attrs ...any) Node {
	n := Node{name, op, inputs, map[string]any{}}
	for i := 0; i < len(attrs); i += 2 {
		n.Attrs[attrs[i].(string)] = attrs[i+1]
	}
	return n
}

// Placeholder is a float32 input.
func Placeholder(name string, shape ...int) Node {
	return Op(name, "Placeholder", nil, "dtype", tensorproto.Float, "shape", tensor.Shape(shape))
}

// Const is a constant.
func Const(name string, t Tensor) Node { return Op(name, "Const", nil, "dtype", t.DType, "value", t) }

// In lists inputs.
func In(names ...string) []string { return names }

func (n Node) attrNames() []string {
	var names []string
	for name := range n.Attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Binary is the graph as a GraphDef.
func (g Graph) Binary() []byte {
	var b []byte
	for _, n := range g {
		b = Bytes(b, 1, n.binary())
	}
	return Bytes(b, 4, Varint(nil, 1, 2000))
}

func (n Node) binary() []byte {
	b := Bytes(nil, 1, []byte(n.Name))
	b = Bytes(b, 2, []byte(n.Op))
	for _, in := range n.Inputs {
		b = Bytes(b, 3, []byte(in))
	}
	for _, name := range n.attrNames() {
		b = Bytes(b, 5, Bytes(Bytes(nil, 1, []byte(name)), 2, attr(n.Attrs[name])))
	}
	return b
}

// Bytes appends a length-delimited field.
func Bytes(b []byte, field protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), v)
}

// Varint appends an integer field.
func Varint(b []byte, field protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}

// Shape is a TensorShapeProto.
func Shape(s tensor.Shape) []byte {
	if s == nil {
		return Varint(nil, 3, 1)
	}
	var b []byte
	for _, d := range s {
		b = Bytes(b, 2, Varint(nil, 1, int64(d)))
	}
	return b
}

func attr(v any) []byte {
	switch v := v.(type) {
	case string:
		return Bytes(nil, 2, []byte(v))
	case int:
		return Varint(nil, 3, int64(v))
	case float32:
		return protowire.AppendFixed32(protowire.AppendTag(nil, 4, protowire.Fixed32Type), math.Float32bits(v))
	case bool:
		return Varint(nil, 5, map[bool]int64{true: 1}[v])
	case tensorproto.DType:
		return Varint(nil, 6, int64(v))
	case tensor.Shape:
		return Bytes(nil, 7, Shape(v))
	case Tensor:
		return Bytes(nil, 8, v.binary())
	case []int:
		var packed []byte
		for _, x := range v {
			packed = protowire.AppendVarint(packed, uint64(x))
		}
		return Bytes(nil, 1, Bytes(nil, 3, packed))
	case []tensor.Shape:
		var list []byte
		for _, s := range v {
			list = Bytes(list, 7, Shape(s))
		}
		return Bytes(nil, 1, list)
	}
	panic(fmt.Sprintf("tensorflowtest: an attribute of type %T", v))
}

func (t Tensor) binary() []byte {
	b := Varint(nil, 1, int64(t.DType))
	b = Bytes(b, 2, Shape(t.Shape))
	return Bytes(b, 4, t.Content)
}

// Text is the graph as a GraphDef in text.
func (g Graph) Text() []byte {
	var b strings.Builder
	for _, n := range g {
		fmt.Fprintf(&b, "node {\n  name: %q\n  op: %q\n", n.Name, n.Op)
		for _, in := range n.Inputs {
			fmt.Fprintf(&b, "  input: %q\n", in)
		}
		for _, name := range n.attrNames() {
			fmt.Fprintf(&b, "  attr { key: %q value { %s } }\n", name, attrText(n.Attrs[name]))
		}
		b.WriteString("}\n")
	}
	b.WriteString("versions { producer: 2000 }\n")
	return []byte(b.String())
}

func attrText(v any) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("s: %q", v)
	case int:
		return fmt.Sprintf("i: %d", v)
	case float32:
		return fmt.Sprintf("f: %g", v)
	case bool:
		return fmt.Sprintf("b: %t", v)
	case tensorproto.DType:
		return "type: " + protoName(v)
	case tensor.Shape:
		return "shape { " + shapeText(v) + " }"
	case Tensor:
		return fmt.Sprintf("tensor { dtype: %s tensor_shape { %s } tensor_content: \"%s\" }", protoName(v.DType), shapeText(v.Shape), octal(v.Content))
	case []int:
		return fmt.Sprintf("list { i: %s }", strings.ReplaceAll(fmt.Sprint(v), " ", ", "))
	case []tensor.Shape:
		var list []string
		for _, s := range v {
			list = append(list, "shape { "+shapeText(s)+" }")
		}
		return "list { " + strings.Join(list, " ") + " }"
	}
	panic(fmt.Sprintf("tensorflowtest: an attribute of type %T", v))
}

func protoName(d tensorproto.DType) string {
	for name, v := range tensorproto.DTypes {
		if v == int(d) {
			return name
		}
	}
	return fmt.Sprint(int(d))
}

func shapeText(s tensor.Shape) string {
	if s == nil {
		return "unknown_rank: true"
	}
	var b strings.Builder
	for _, d := range s {
		fmt.Fprintf(&b, "dim { size: %d } ", d)
	}
	return b.String()
}

func octal(data []byte) string {
	var b strings.Builder
	for _, c := range data {
		fmt.Fprintf(&b, "\\%03o", c)
	}
	return b.String()
}
