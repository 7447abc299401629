// Package graphdef is TensorFlow's own model of a graph: the nodes of a GraphDef with their attributes, inputs and places
// in the file, as the file has them.
package graphdef

import (
	"fmt"

	"parity/importers/source"
)

// Graph is a GraphDef.
type Graph struct {
	File  string
	Nodes []*Node
	// Producer is the version of the graph format that the writer knew.
	Producer int
	// Functions is the graph's library.
	Functions []*Function
	// Within says what kind of file the graph was taken from when it is not a bare GraphDef.
	Within string
	// Feeds and Fetches are the inputs and outputs of the signature that the graph was cut down to; nil for a whole graph.
	Feeds, Fetches []Binding
	// Weights is the prefix of the checkpoint that belongs to the graph, where its file says so.
	Weights string
	// Names gives nodes further names, such as those of Keras's layers: the node's name by the further one.
	Names map[string]string
	// Notes are what was decided on the way from the file to these nodes.
	Notes []string
}

// Function is a function of a graph's library. Its nodes read "argument" and "node:output:number".
type Function struct {
	Name     string
	Inputs   []Argument
	Outputs  []Argument
	Returns  map[string]string // what each output is taken from
	Nodes    []*Node
	Position string
}

// Argument is an input or output of a function. One that stands for a list has no fixed number of values.
type Argument struct {
	Name string
	List bool
}

// Node is one operation.
type Node struct {
	Name, Op string
	Device   string
	// Inputs are "node", "node:output" or, for an order of execution without data, "^node".
	Inputs []string
	Attrs  map[string]*Attr
	// Saved is the name under which a variable's value is saved, where the file says so; empty for the node's own.
	Saved string

	File     string
	Position string // of the node in the file
}

// Errorf returns an error that names the node, its operation and its place.
func (n *Node) Errorf(format string, args ...any) error {
	return source.Errorf(n.File, n.Position, "node %q (%s): %s", n.Name, n.Op, fmt.Sprintf(format, args...))
}
