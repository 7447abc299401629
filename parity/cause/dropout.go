package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// dropouts calls f with every dropout of the segment.
func (s *Segment) dropouts(f func(n *graph.Node, l layer.Dropout) []Variant) []Variant {
	var list []Variant
	for _, n := range s.Nodes {
		if l, ok := n.Layer.(layer.Dropout); ok && !l.Active {
			list = append(list, f(n, l)...)
		}
	}
	return list
}

// kept returns, for a dropout whose input and output the candidate has recorded, which elements are left, and by what they
// were multiplied.
func (s *Segment) kept(n *graph.Node) (mask *tensor.Tensor[float64], factor float64, dropped int) {
	x, y := s.direct(n)
	if x == nil {
		return nil, math.NaN(), 0
	}
	mask = tensor.New[float64](s.Candidate.Shape...)
	var factors []float64
	for i, v := range x {
		switch {
		case y[i] != 0 || v == 0:
			mask.Data[i] = 1
			if v != 0 {
				factors = append(factors, y[i]/v)
			}
		default:
			dropped++
		}
	}
	return mask, median(factors), dropped
}

// scaled returns the segment's nodes with a product by a number in the place of n.
func (s *Segment) scaled(n *graph.Node, factor float64) []*graph.Node {
	return s.With(n, &graph.Node{Name: n.Name, Layer: layer.Power{Power: 1, Scale: factor}, Inputs: n.Inputs[:1], Outputs: n.Outputs})
}
