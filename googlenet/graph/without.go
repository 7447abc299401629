package graph

import (
	"maps"
	"slices"

	"parity/googlenet/tensor"
)

// Without returns the graph without some of its inputs and whatever depends on them, and the outputs that are gone with it. What only
// those that are gone had read is an output then.
func (g *Graph) Without(inputs ...string) (rest *Graph, gone []string) {
	lost := map[string]bool{}
	for _, in := range inputs {
		lost[in] = true
	}
	isLost := func(v string) bool { return lost[v] }
	out := *g
	out.Nodes = nil
	for _, n := range g.Nodes {
		if !slices.ContainsFunc(n.Inputs, isLost) {
			out.Nodes = append(out.Nodes, n)
			continue
		}
		for _, v := range n.Outputs {
			lost[v] = true
		}
	}
	out.Inputs = slices.DeleteFunc(slices.Clone(g.Inputs), func(in Input) bool { return lost[in.Name] })
	out.Outputs = slices.DeleteFunc(slices.Clone(g.Outputs), isLost)
	out.Outputs = append(out.Outputs, out.unread(g.Consumers())...)
	out.Aliases = maps.Clone(g.Aliases)
	maps.DeleteFunc(out.Aliases, func(_, of string) bool { return lost[of] })
	out.LossWeights = maps.Clone(g.LossWeights)
	maps.DeleteFunc(out.LossWeights, func(v string, _ float64) bool { return lost[v] })
	for _, v := range g.Outputs {
		if lost[v] {
			gone = append(gone, v)
		}
	}
	return &out, gone
}

// unread lists the values that nothing reads any more.
func (g *Graph) unread(before map[string][]*Node) (list []string) {
	now := g.Consumers()
	for _, n := range g.Nodes {
		for _, v := range n.Outputs {
			if len(before[v]) > 0 && len(now[v]) == 0 && !slices.Contains(g.Outputs, v) {
				list = append(list, v)
			}
		}
	}
	return list
}

// OpenShapes is the shape of every value as far as it follows from the declared inputs, with -1 for what is open.
func (g *Graph) OpenShapes() map[string]tensor.Shape {
	known := map[string]tensor.Shape{}
	for _, in := range g.Inputs {
		known[in.Name] = in.Shape
	}
	for _, n := range g.Nodes {
		in := make([]tensor.Shape, len(n.Inputs))
		for i, v := range n.Inputs {
			in[i] = known[v]
		}
		shapes := InferAllOpen(n.Layer, in)
		for i, v := range n.Outputs { // a layer may have more that nobody names
			if i < len(shapes) {
				known[v] = shapes[i]
			}
		}
	}
	return known
}
