package replay

import (
	"fmt"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// A weight that a producer rounds to a smaller format is off by the same amount wherever it is used: its errors are not
// independent from one element to the next, and add up in what reads them. Every run has weights of its own instead, each moved by
// its rounding up or down at random.

// reweighted returns the node with the weights of a run; itself where nobody rounds them.
func (d *Drift) reweighted(n *graph.Node, run int) *graph.Node {
	if len(n.Params) == 0 {
		return n
	}
	params := make([]*tensor.Tensor[float64], len(n.Params))
	for i, w := range n.Params {
		params[i] = tensor.As[float64](w.Value)
	}
	changed := *n
	for i, p := range d.Producers {
		for k, by := range p.WeightRounding(n.Layer, params) {
			if changed.Params == nil || &changed.Params[0] == &n.Params[0] {
				changed.Params = append([]*graph.Param{}, n.Params...)
			}
			own := *changed.Params[k]
			own.Value = d.moved(fmt.Sprint(n.Name, "#weights", k, i), run, tensor.As[float64](own.Value), by)
			changed.Params[k] = &own
		}
	}
	return &changed
}

// withOtherWeights returns a node's outputs in every run from the same inputs, nil where nobody rounds weights.
func (d *Drift) withOtherWeights(n *graph.Node, in, out []*tensor.Tensor[float64]) [][]*tensor.Tensor[float64] {
	if first := d.reweighted(n, 0); len(n.Params) == 0 || first.Params[0] == n.Params[0] {
		return nil
	}
	shapes := make([]tensor.Shape, len(out))
	for i, t := range out {
		shapes[i] = t.Shape
	}
	list := make([][]*tensor.Tensor[float64], runs)
	for k := range list {
		list[k] = engine.Forward(d.reweighted(n, k), in, shapes, d.Threads)
	}
	return list
}

// Fed is the uncertainty of an input of the network, which producers may round before they store it.
func (d *Drift) Fed(name string, x *tensor.Tensor[float64]) Uncertainty {
	u := d.Exact()
	var sum *tensor.Tensor[float64]
	for i, p := range d.Producers {
		u.Bounds[i] = p.Stored(x)
		sum = Add(sum, u.Bounds[i])
	}
	for k := 0; sum != nil && k < runs; k++ {
		u.drift = append(u.drift, d.moved(name, k, x, sum))
	}
	return u
}
