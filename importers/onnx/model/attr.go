package model

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parity/importers/proto"
)

// Attr is the value of an attribute. Field says which of the values is set, by its name in AttributeProto: f, i, s, t, g,
// floats, ints, strings and so on.
type Attr struct {
	Name, Field string
	Ref         string // in a function: the attribute of the calling node that it takes its value from
	Float       float32
	Int         int64
	Bytes       []byte
	Tensor      *Tensor
	Graph       *Graph
	Floats      []float32
	Ints        []int64
	Strings     []string
}

// attrTypes are the fields by the number and the name of their type.
var attrTypes = []struct{ name, field string }{
	{"UNDEFINED", ""}, {"FLOAT", "f"}, {"INT", "i"}, {"STRING", "s"}, {"TENSOR", "t"}, {"GRAPH", "g"}, {"FLOATS", "floats"}, {"INTS", "ints"},
	{"STRINGS", "strings"}, {"TENSORS", "tensors"}, {"GRAPHS", "graphs"}, {"SPARSE_TENSOR", "sparse_tensor"},
	{"SPARSE_TENSORS", "sparse_tensors"}, {"TYPE_PROTO", "tp"}, {"TYPE_PROTOS", "type_protos"},
}

var attrNumbers = attrsByName()

func attrsByName() map[string]int {
	m := map[string]int{}
	for i, t := range attrTypes {
		m[t.name] = i
	}
	return m
}

// readAttr reads an attribute. Its type says which field counts, as one that is zero may be left out of the file; the oldest
// files do not state it, and the field that is there counts.
func readAttr(f proto.Field, file string) (*Attr, error) {
	a := &Attr{}
	declared, found := "", ""
	err := inside(f, attrSchema, func(f proto.Field) error {
		switch f.Name {
		case "name", "doc_string", "ref_attr_name":
		case "type":
			v, err := f.Enum(attrNumbers)
			if err == nil && v > 0 && v < len(attrTypes) {
				declared = attrTypes[v].field
			}
			return err
		default:
			found = f.Name
		}
		return a.read(f, file)
	})
	a.Field = found
	if declared != "" {
		a.Field = declared
	}
	if err == nil && found != "" && found != a.Field {
		err = f.Errorf("the attribute %s is declared to hold %q, found %q", a.Name, a.Field, found)
	}
	return a, err
}

func (a *Attr) read(f proto.Field, file string) (err error) {
	switch f.Name {
	case "name":
		a.Name, err = f.String()
	case "ref_attr_name":
		a.Ref, err = f.String()
	case "f":
		a.Float, err = f.Float()
	case "i":
		a.Int, err = f.Int()
	case "s":
		a.Bytes, err = f.Bytes()
	case "t":
		a.Tensor, err = readTensor(f, file)
	case "g":
		a.Graph, err = readGraph(f, file)
	case "floats":
		a.Floats, err = f.Floats(a.Floats)
	case "ints":
		a.Ints, err = f.Ints(a.Ints)
	case "strings":
		err = appendText(&a.Strings, f)
	}
	return err
}

// String writes the value for people.
func (a *Attr) String() string {
	switch a.Field {
	case "f":
		return strconv.FormatFloat(float64(a.Float), 'g', -1, 32)
	case "i":
		return strconv.FormatInt(a.Int, 10)
	case "s":
		return string(a.Bytes)
	case "t":
		if a.Tensor != nil {
			return fmt.Sprintf("%v %v", a.Tensor.DType, a.Tensor.Shape)
		}
	case "g":
		if a.Graph != nil {
			return fmt.Sprintf("a graph of %d nodes", len(a.Graph.Nodes))
		}
	case "floats":
		return fmt.Sprint(a.Floats)
	case "ints":
		return fmt.Sprint(a.Ints)
	case "strings":
		return "[" + strings.Join(a.Strings, " ") + "]"
	}
	return "(" + a.Field + ")"
}

// attr returns an attribute that must hold one of the given fields; nil where the node does not have it.
func (n *Node) attr(name string, fields ...string) (*Attr, error) {
	a := n.Attrs[name]
	if a != nil && !slices.Contains(fields, a.Field) {
		return nil, n.Errorf("the attribute %s should be of kind %q, found %q", name, fields[0], a.Field)
	}
	return a, nil
}

// Has tells whether the node states an attribute.
func (n *Node) Has(name string) bool { return n.Attrs[name] != nil }

// Int returns an integer attribute, or fallback where the node does not have it.
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

// Bool returns an integer attribute that says yes or no.
func (n *Node) Bool(name string, fallback bool) (bool, error) {
	a, err := n.attr(name, "i")
	if a == nil {
		return fallback, err
	}
	return a.Int != 0, nil
}

// Float returns a float attribute.
func (n *Node) Float(name string, fallback float32) (float64, error) {
	a, err := n.attr(name, "f")
	if a == nil {
		return float64(fallback), err
	}
	return float64(a.Float), nil
}

// Text returns a string attribute.
func (n *Node) Text(name, fallback string) (string, error) {
	a, err := n.attr(name, "s")
	if a == nil {
		return fallback, err
	}
	return string(a.Bytes), nil
}

// Ints returns a list of integers.
func (n *Node) Ints(name string, fallback ...int) ([]int, error) {
	a, err := n.attr(name, "ints")
	if a == nil {
		return fallback, err
	}
	var out []int
	for _, x := range a.Ints {
		v, err := n.small(name, x)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
