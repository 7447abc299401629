package idiom

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// finder is a graph with what is known of its values.
type finder struct {
	*graph.Graph
	producers map[string]*graph.Node
	consumers map[string][]*graph.Node
	index     map[*graph.Node]int
	shapes    map[string]tensor.Shape // -1 for unknown extents; none for an unknown rank
	fixed     map[string]bool         // values that do not depend on what is fed
	drawn     map[string]bool         // inputs that the framework draws
	weights   map[*graph.Param]int    // those that were met, numbered
}

func newFinder(g *graph.Graph) *finder {
	f := &finder{Graph: g, shapes: map[string]tensor.Shape{}, fixed: map[string]bool{}, drawn: map[string]bool{}, weights: map[*graph.Param]int{}}
	for _, in := range g.Inputs {
		f.drawn[in.Name] = in.Drawn
		if in.Shape != nil {
			f.shapes[in.Name] = in.Shape
		}
	}
	for _, n := range g.Nodes {
		f.infer(n)
	}
	f.connect()
	return f
}

// infer finds out what it can about the shapes of a node's outputs, and whether they are fixed.
func (f *finder) infer(n *graph.Node) {
	fixed := true
	var in []tensor.Shape
	for _, v := range n.Inputs {
		in = append(in, f.shapes[v])
		fixed = fixed && f.fixed[v]
	}
	shapes := graph.InferAllOpen(n.Layer, in)
	for i, v := range n.Outputs {
		f.fixed[v] = fixed
		if len(shapes) == len(n.Outputs) {
			f.shapes[v] = shapes[i]
		}
	}
}

// connect looks up who writes and reads what.
func (f *finder) connect() {
	f.producers, f.consumers, f.index = f.Producers(), f.Consumers(), map[*graph.Node]int{}
	for i, n := range f.Nodes {
		f.index[n] = i
	}
}
