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
	// Functions counts the functions in the graph's library, whose bodies are not read.
	Functions int
	// Within says what kind of file the graph was taken from when it is not a bare GraphDef.
	Within string
}

// Node is one operation.
type Node struct {
	Name, Op string
	Device   string
	// Inputs are "node", "node:output" or, for an order of execution without data, "^node".
	Inputs []string
	Attrs  map[string]*Attr

	File     string
	Position string // of the node in the file
}

// Errorf returns an error that names the node, its operation and its place.
func (n *Node) Errorf(format string, args ...any) error {
	return source.Errorf(n.File, n.Position, "node %q (%s): %s", n.Name, n.Op, fmt.Sprintf(format, args...))
}
