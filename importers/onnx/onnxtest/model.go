// Package onnxtest writes small ONNX models for tests.
package onnxtest

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// Model is a model of one graph. Without outputs it has the last node's.
type Model struct {
	Opset     int
	Inputs    []Value
	Weights   []Tensor
	Nodes     []Node
	Outputs   []string
	Values    []Value
	Functions []Function
}

// Value is an input; an extent of -1 is written without a number, a nil shape is not written at all.
type Value struct {
	Name  string
	Type  model.DType
	Shape tensor.Shape
}

// Input is a float32 input.
func Input(name string, shape ...int) Value { return Value{name, model.Float, shape} }

// Node is one operation. An attribute is a string, int, float32, bool, []int, []float32, Tensor, Model (its graph), or From.
type Node struct {
	Name, Op, Domain string
	Inputs, Outputs  []string
	Attrs            map[string]any
}

// From is an attribute of a function's node that takes its value from the call.
type From string

// Op is a node without a name that writes one value, with attributes by turns: name, value.
func Op(output, op string, inputs []string, attrs ...any) Node {
	n := Node{Op: op, Inputs: inputs, Outputs: []string{output}, Attrs: map[string]any{}}
	for i := 0; i < len(attrs); i += 2 {
		n.Attrs[attrs[i].(string)] = attrs[i+1]
	}
	return n
}

// In lists inputs.
func In(names ...string) []string { return names }

// Function is a FunctionProto.
type Function struct {
	Name, Domain    string
	Inputs, Outputs []string
	Nodes           []Node
}

// Tensor is a TensorProto with raw data, or with data in another file.
type Tensor struct {
	Name     string
	DType    model.DType
	Shape    tensor.Shape
	Raw      []byte
	External map[string]string // location, offset, length
}

// Floats is a float32 tensor.
func Floats(name string, shape tensor.Shape, values ...float32) Tensor {
	t := Tensor{Name: name, DType: model.Float, Shape: shape}
	for _, v := range values {
		t.Raw = binary.LittleEndian.AppendUint32(t.Raw, math.Float32bits(v))
	}
	return t
}

// Ramp is a float32 tensor that counts up from 1.
func Ramp(name string, shape ...int) Tensor {
	values := make([]float32, tensor.Shape(shape).Len())
	for i := range values {
		values[i] = float32(i + 1)
	}
	return Floats(name, shape, values...)
}

// Ints is a vector of int64.
func Ints(name string, values ...int64) Tensor {
	t := Tensor{Name: name, DType: model.Int64, Shape: tensor.Shape{len(values)}}
	for _, v := range values {
		t.Raw = binary.LittleEndian.AppendUint64(t.Raw, uint64(v))
	}
	return t
}

// Scalar is a single int64.
func Scalar(name string, v int64) Tensor {
	t := Ints(name, v)
	t.Shape = tensor.Shape{}
	return t
}

// Binary is the model as a ModelProto.
func (m Model) Binary() []byte {
	b := Varint(nil, 1, 8)
	b = Bytes(b, 2, []byte("onnxtest"))
	b = Bytes(b, 7, m.graph())
	for _, f := range m.Functions {
		b = Bytes(b, 25, f.binary())
	}
	return Bytes(b, 8, Varint(Bytes(nil, 1, nil), 2, int64(m.Opset)))
}

func (m Model) graph() []byte {
	var b []byte
	for _, n := range m.Nodes {
		b = Bytes(b, 1, n.binary())
	}
	b = Bytes(b, 2, []byte("net"))
	for _, t := range m.Weights {
		b = Bytes(b, 5, t.Binary())
	}
	for _, v := range m.Inputs {
		b = Bytes(b, 11, v.binary())
	}
	outputs := m.Outputs
	if outputs == nil && len(m.Nodes) > 0 {
		outputs = m.Nodes[len(m.Nodes)-1].Outputs[:1]
	}
	for _, name := range outputs {
		b = Bytes(b, 12, Bytes(nil, 1, []byte(name)))
	}
	for _, v := range m.Values {
		b = Bytes(b, 13, v.binary())
	}
	return b
}

func (v Value) binary() []byte {
	typ := Varint(nil, 1, int64(v.Type))
	if v.Shape != nil {
		var dims []byte
		for _, d := range v.Shape {
			var dim []byte
			if d >= 0 {
				dim = Varint(nil, 1, int64(d))
			}
			dims = Bytes(dims, 1, dim)
		}
		typ = Bytes(typ, 2, dims)
	}
	return Bytes(Bytes(nil, 1, []byte(v.Name)), 2, Bytes(nil, 1, typ))
}

func (f Function) binary() []byte {
	b := Bytes(nil, 1, []byte(f.Name))
	for _, in := range f.Inputs {
		b = Bytes(b, 4, []byte(in))
	}
	for _, out := range f.Outputs {
		b = Bytes(b, 5, []byte(out))
	}
	for _, n := range f.Nodes {
		b = Bytes(b, 7, n.binary())
	}
	return Bytes(b, 10, []byte(f.Domain))
}

func (n Node) binary() []byte {
	var b []byte
	for _, in := range n.Inputs {
		b = Bytes(b, 1, []byte(in))
	}
	for _, out := range n.Outputs {
		b = Bytes(b, 2, []byte(out))
	}
	b = Bytes(b, 3, []byte(n.Name))
	b = Bytes(b, 4, []byte(n.Op))
	var names []string
	for name := range n.Attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b = Bytes(b, 5, attr(Bytes(nil, 1, []byte(name)), n.Attrs[name]))
	}
	return Bytes(b, 7, []byte(n.Domain))
}

func attr(b []byte, v any) []byte {
	switch v := v.(type) {
	case float32:
		return Varint(float(b, 2, v), 20, 1)
	case int:
		return Varint(Varint(b, 3, int64(v)), 20, 2)
	case bool:
		return attr(b, map[bool]int{true: 1}[v])
	case string:
		return Varint(Bytes(b, 4, []byte(v)), 20, 3)
	case Tensor:
		return Varint(Bytes(b, 5, v.Binary()), 20, 4)
	case Model:
		return Varint(Bytes(b, 6, v.graph()), 20, 5)
	case []float32:
		for _, x := range v {
			b = float(b, 7, x)
		}
		return Varint(b, 20, 6)
	case []int:
		for _, x := range v {
			b = Varint(b, 8, int64(x))
		}
		return Varint(b, 20, 7)
	case From:
		return Bytes(b, 21, []byte(v))
	}
	panic(fmt.Sprintf("onnxtest: an attribute of type %T", v))
}

// Binary is the tensor as a TensorProto.
func (t Tensor) Binary() []byte {
	var b []byte
	for _, d := range t.Shape {
		b = Varint(b, 1, int64(d))
	}
	b = Varint(b, 2, int64(t.DType))
	b = Bytes(b, 8, []byte(t.Name))
	if t.External == nil {
		return Bytes(b, 9, t.Raw)
	}
	for _, key := range []string{"location", "offset", "length"} {
		if value, ok := t.External[key]; ok {
			b = Bytes(b, 13, Bytes(Bytes(nil, 1, []byte(key)), 2, []byte(value)))
		}
	}
	return Varint(b, 14, 1)
}

// Bytes appends a length-delimited field.
func Bytes(b []byte, field protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), v)
}

// Varint appends an integer field.
func Varint(b []byte, field protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}

func float(b []byte, field protowire.Number, v float32) []byte {
	return protowire.AppendFixed32(protowire.AppendTag(b, field, protowire.Fixed32Type), math.Float32bits(v))
}
