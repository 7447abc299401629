package graph

import (
	"slices"

	"parity/googlenet/layer"
)

// What a framework writes as several operations may be one layer here: an idiom, which an importer recognised. Its node computes
// the same function as its parts, which are nodes as they would stand in the graph, in order: they read the node's inputs
// and one another, and write its outputs. A part whose value something else reads stands in the graph as well.

// TakenApart is the graph with the parts of nodes in their place, where which says so. The last part has the layer as its Whole.
// Nodes without parts stay as they are, and the graph itself does.
func (g *Graph) TakenApart(which func(n *Node) bool) *Graph {
	apart := func(n *Node) bool { return len(n.Parts) > 0 && which(n) }
	if !slices.ContainsFunc(g.Nodes, apart) {
		return g
	}
	out := *g
	out.Nodes, out.Inputs = nil, slices.Clone(g.Inputs)
	written := map[string]bool{} // two idioms may share parts
	place := func(n *Node) {
		if !written[n.Outputs[0]] {
			written[n.Outputs[0]] = true
			out.Nodes = append(out.Nodes, n)
		}
	}
	for _, n := range g.Nodes {
		if !apart(n) {
			place(n)
			continue
		}
		out.addInputs(n.Draws)
		last := len(n.Parts) - 1
		for _, part := range n.Parts[:last] {
			place(part)
		}
		end := *n.Parts[last]
		end.Whole = n
		place(&end)
	}
	return &out
}

func (g *Graph) addInputs(list []Input) {
	for _, in := range list {
		if !slices.ContainsFunc(g.Inputs, func(other Input) bool { return other.Name == in.Name }) {
			g.Inputs = append(g.Inputs, in)
		}
	}
}

// Inner lists the values that the parts of a node compute and it does not.
func (n *Node) Inner() []string {
	var list []string
	for _, part := range n.Parts {
		for _, v := range part.Outputs {
			if !slices.Contains(n.Outputs, v) {
				list = append(list, v)
			}
		}
	}
	return list
}

// Exposed is the graph with those idioms taken apart that compute one of the values on the way.
func (g *Graph) Exposed(value func(name string) bool) *Graph {
	return g.TakenApart(func(n *Node) bool { return slices.ContainsFunc(n.Inner(), value) })
}

// As is the node with another layer, which is not that of its parts any more, and other parameters.
func (n *Node) As(l layer.Layer, params []*Param) *Node {
	changed := *n
	changed.Layer, changed.Params = l, params
	changed.Parts, changed.Differs, changed.Draws = nil, false, nil
	return &changed
}
