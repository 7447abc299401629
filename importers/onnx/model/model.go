// Package model is ONNX's own model: graphs of nodes with attributes, tensors and types, as the file has them.
package model

import (
	"fmt"
	"slices"

	"parity/googlenet/tensor"
	"parity/importers/source"
)

// Model is a ModelProto.
type Model struct {
	File      string
	IR        int    // version of the format
	Producer  string // name and version of the program that wrote it
	Opsets    map[string]int
	Graph     *Graph
	Functions []*Function
}

// Opset is the version of ONNX's own operations that the model was written for; 0 if it does not say.
func (m *Model) Opset() int {
	if v, ok := m.Opsets[""]; ok || m.IR >= firstWithOpsets {
		return v
	}
	return 1
}

// firstWithOpsets is the version of the format before which all models had the first set of operations.
const firstWithOpsets = 3

// Graph is a GraphProto: a network, or the body of a loop or a branch.
type Graph struct {
	Name            string
	Nodes           []*Node
	Inputs, Outputs []*Value
	Values          []*Value // what the file says of values in between
	Initializers    []*Tensor
	// Sparse names the initialisers that are stored sparsely; they are not read.
	Sparse []string
}

// Fix gives an input, or a weight, a constant value.
func (g *Graph) Fix(name string, t *Tensor) {
	fixed := *t
	fixed.Name = name
	g.Initializers = slices.DeleteFunc(slices.Clone(g.Initializers), func(w *Tensor) bool { return w.Name == name })
	g.Initializers = append(g.Initializers, &fixed)
}

// Value is a ValueInfoProto: a value's name and type.
type Value struct {
	Name  string
	Type  DType        // 0 if it is no tensor or not known
	Shape tensor.Shape // -1 for an extent that is not fixed; nil for an unknown rank
}

// Node is one operation.
type Node struct {
	Name, Op, Domain, Overload string
	// Inputs and Outputs name values; an empty name is an optional one that is left out.
	Inputs, Outputs []string
	Attrs           map[string]*Attr

	File     string
	Position string // of the node in the file
}

// Title names the node for people: by its name or, as many nodes have none, by what it writes.
func (n *Node) Title() string {
	if n.Name != "" {
		return n.Name
	}
	for _, out := range n.Outputs {
		if out != "" {
			return out
		}
	}
	return n.Op
}

// Type is the operation with its domain, unless that is ONNX's own.
func (n *Node) Type() string {
	if n.Domain == "" {
		return n.Op
	}
	return n.Domain + "." + n.Op
}

// Errorf returns an error that names the node, its operation and its place.
func (n *Node) Errorf(format string, args ...any) error {
	return source.Errorf(n.File, n.Position, "node %q (%s): %s", n.Title(), n.Type(), fmt.Sprintf(format, args...))
}

// Function is a FunctionProto: a node of this domain and name stands for these nodes.
type Function struct {
	Name, Domain, Overload string
	Inputs, Outputs        []string
	Defaults               map[string]*Attr // of the attributes that have one
	Nodes                  []*Node
}
