package engine

import (
	"fmt"
	"maps"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// byParts is the graph with those idioms taken apart that a backward run goes through by their parts, and the values of a forward
// run with those of the parts.
func byParts[T tensor.Float](g *graph.Graph, values map[string]*tensor.Tensor[T], threads int) (*graph.Graph, map[string]*tensor.Tensor[T], error) {
	apart := g.TakenApart(func(n *graph.Node) bool { return n.Differs })
	if apart == g {
		return g, values, nil
	}
	values = maps.Clone(values)
	for _, n := range g.Nodes {
		if !n.Differs {
			continue
		}
		if err := runParts(n, values, threads); err != nil {
			return nil, nil, err
		}
	}
	return apart, values, nil
}

// runParts adds the values of a node's parts.
func runParts[T tensor.Float](n *graph.Node, values map[string]*tensor.Tensor[T], threads int) error {
	for _, in := range n.Draws {
		if values[in.Name] == nil { // nothing that is left depends on it
			values[in.Name] = tensor.From([]T{0})
		}
	}
	for _, part := range n.Parts {
		if values[part.Outputs[0]] != nil {
			continue
		}
		in := make([]*tensor.Tensor[T], len(part.Inputs))
		for i, v := range part.Inputs {
			if in[i] = values[v]; in[i] == nil {
				return fmt.Errorf("%s: the backward run needs the value %q", part.Name, v)
			}
		}
		shapes, err := graph.ShapesOf(part, in)
		if err != nil {
			return err
		}
		for i, t := range Forward(part, in, shapes, threads) {
			values[part.Outputs[i]] = t
		}
	}
	return nil
}
