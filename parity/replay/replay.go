// Package replay computes layers of the reference in float64, with the rounding bound of whoever computed
// the other side, and measures how far a tensor is from that.
package replay

import (
	"fmt"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// Value is a tensor in float64 and, element by element, how far the producer's value may be from it; nil is
// exact.
type Value struct {
	X, Bound *tensor.Tensor[float64]
}

// Node computes one node from its inputs.
func Node(n *graph.Node, in []Value, p bound.Producer, threads int) ([]Value, error) {
	shapes := map[string]tensor.Shape{}
	x := make([]*tensor.Tensor[float64], len(in))
	for i, v := range in {
		x[i] = v.X
		shapes[n.Inputs[i]] = v.X.Shape
	}
	outShapes, err := n.Shapes(shapes)
	if err != nil {
		return nil, err
	}
	bounds := make([]*tensor.Tensor[float64], len(in))
	for i, v := range in {
		bounds[i] = v.Bound
	}
	out := engine.Forward(n, x, outShapes, threads)
	b, err := Bounds(n, x, out, bounds, p, threads)
	if err != nil {
		return nil, err
	}
	values := make([]Value, len(out))
	for i := range out {
		values[i] = Value{out[i], b[i]}
	}
	return values, nil
}

// Bounds returns the bounds of a node's outputs from those of its inputs.
func Bounds(n *graph.Node, in, out, inBounds []*tensor.Tensor[float64], p bound.Producer, threads int) ([]*tensor.Tensor[float64], error) {
	c := &bound.Call{Layer: n.Layer, In: in, Out: out, Err: inBounds, Producer: p.AgainstReplay(), Workers: threads}
	for _, w := range n.Params {
		c.Params = append(c.Params, tensor.As[float64](w.Value))
	}
	b, err := bound.Of(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.Name, err)
	}
	return b, nil
}
