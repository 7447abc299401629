package graphdef

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/tensorflow/tensorproto"
)

// Attr is the value of an attribute. Field says which of the values is set, by its name in AttrValue: s, i, f, b, type,
// shape, tensor, func, placeholder or list; it is empty for none.
type Attr struct {
	Field  string
	Bytes  []byte
	Int    int64
	Float  float32
	Bool   bool
	Type   tensorproto.DType
	Shape  tensor.Shape // nil for an unknown rank
	Tensor *tensorproto.Tensor
	Func   string // name of a function
	List   []*Attr
}

// String writes the value for people.
func (a *Attr) String() string {
	switch a.Field {
	case "s", "placeholder":
		return string(a.Bytes)
	case "i":
		return strconv.FormatInt(a.Int, 10)
	case "f":
		return strconv.FormatFloat(float64(a.Float), 'g', -1, 32)
	case "b":
		return strconv.FormatBool(a.Bool)
	case "type":
		return a.Type.String()
	case "shape":
		return shapeText(a.Shape)
	case "tensor":
		return fmt.Sprintf("%v %s", a.Tensor.DType, shapeText(a.Tensor.Shape))
	case "func":
		return a.Func
	}
	var parts []string
	for _, e := range a.List {
		parts = append(parts, e.String())
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func shapeText(s tensor.Shape) string {
	if s == nil {
		return "unknown"
	}
	return s.String()
}

// attr returns an attribute that must hold the given field; nil where the node does not have it.
func (n *Node) attr(name, field string) (*Attr, error) {
	a := n.Attrs[name]
	if a != nil && a.Field != field {
		return nil, n.Errorf("the attribute %s should be of kind %q, found %q", name, field, a.Field)
	}
	return a, nil
}

// Text returns a string attribute, or fallback where the node does not have it: TensorFlow leaves out defaults.
func (n *Node) Text(name, fallback string) (string, error) {
	a, err := n.attr(name, "s")
	if a == nil {
		return fallback, err
	}
	return string(a.Bytes), nil
}

// Int returns an integer attribute.
func (n *Node) Int(name string, fallback int) (int, error) {
	a, err := n.attr(name, "i")
	if a == nil {
		return fallback, err
	}
	return n.small(name, a.Int)
}

func (n *Node) small(name string, v int64) (int, error) {
	if v < math.MinInt32 || v > math.MaxInt32 {
		return 0, n.Errorf("the attribute %s is %d, which is out of all proportion", name, v)
	}
	return int(v), nil
}

// Float returns a float attribute.
func (n *Node) Float(name string, fallback float32) (float64, error) {
	a, err := n.attr(name, "f")
	if a == nil {
		return float64(fallback), err
	}
	return float64(a.Float), nil
}

// Bool returns a boolean attribute; false is the fallback.
func (n *Node) Bool(name string) (bool, error) {
	a, err := n.attr(name, "b")
	return a != nil && a.Bool, err
}

// Type returns a type attribute; 0 is the fallback.
func (n *Node) Type(name string) (tensorproto.DType, error) {
	a, err := n.attr(name, "type")
	if a == nil {
		return 0, err
	}
	return a.Type, nil
}

// Shape returns a shape attribute, nil for an unknown rank or none.
func (n *Node) Shape(name string) (tensor.Shape, error) {
	a, err := n.attr(name, "shape")
	if a == nil {
		return nil, err
	}
	return a.Shape, nil
}

// Tensor returns a tensor attribute that must be there.
func (n *Node) Tensor(name string) (*tensorproto.Tensor, error) {
	a, err := n.attr(name, "tensor")
	if a == nil && err == nil {
		err = n.Errorf("expected the attribute %s with a tensor", name)
	}
	if err != nil {
		return nil, err
	}
	return a.Tensor, nil
}

// Ints returns a list of integers.
func (n *Node) Ints(name string, fallback ...int) ([]int, error) {
	a, err := n.attr(name, "list")
	if a == nil {
		return fallback, err
	}
	var out []int
	for _, e := range a.List {
		if e.Field != "i" {
			return nil, n.Errorf("the attribute %s should list integers", name)
		}
		v, err := n.small(name, e.Int)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
