package step

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// own copies a graph such that its parameters may change: those that nodes share are one in the copy too. Idioms whose layers
// have other gradients are taken apart.
func own[T tensor.Float](g *graph.Graph) *graph.Graph {
	g = g.TakenApart(func(n *graph.Node) bool { return n.Differs })
	c := copier[T]{}
	out := *g
	out.Nodes = nil
	for _, n := range g.Nodes {
		node := *n.As(n.Layer, nil)
		for _, p := range n.Params {
			node.Params = append(node.Params, c.param(p))
		}
		out.Nodes = append(out.Nodes, &node)
	}
	return &out
}

// copier maps parameters to their copies.
type copier[T tensor.Float] map[*graph.Param]*graph.Param

func (c copier[T]) param(p *graph.Param) *graph.Param {
	if c[p] != nil {
		return c[p]
	}
	out := *p
	c[p] = &out
	out.Value = tensor.As[T](p.Value).Clone()
	if p.Shares != nil {
		out.Shares = c.param(p.Shares)
	}
	return &out
}

// refresh brings parameters that share another's memory up to date with it.
func refresh[T tensor.Float](g *graph.Graph) {
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			if owner := p.Owner(); owner != p {
				p.Value = graph.ToCommon(p.Stored, graph.AsStored(p, tensor.As[T](owner.Value)))
			}
		}
	}
}

func clones[T tensor.Float](list []*tensor.Tensor[T]) []*tensor.Tensor[T] {
	out := make([]*tensor.Tensor[T], len(list))
	for i, t := range list {
		out[i] = t.Clone()
	}
	return out
}
