package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// activations lists the segment's nodes that are activation functions.
func (s *Segment) activations() []*graph.Node { return activations(s.Nodes) }

func activations(nodes []*graph.Node) []*graph.Node {
	var list []*graph.Node
	for _, n := range nodes {
		switch n.Layer.(type) {
		case layer.ReLU, layer.Clip, layer.ELU, layer.Tanh, layer.Sigmoid, layer.Softplus, layer.Swish, layer.PReLU, layer.Abs:
			list = append(list, n)
		}
	}
	return list
}

// softmaxes lists the segment's nodes that make probabilities of scores.
func (s *Segment) softmaxes() []*graph.Node {
	var list []*graph.Node
	for _, n := range s.Nodes {
		if _, ok := n.Layer.(layer.Softmax); ok {
			list = append(list, n)
		}
	}
	return list
}

// direct returns input and output of a node that the segment maps elementwise between recorded tensors, offset by
// offset; nil where there is none.
func (s *Segment) direct(n *graph.Node) (x, y []float64) {
	in := s.Inputs[n.Inputs[0]]
	if in == nil || s.Output != n.Outputs[0] || len(in.Data) != len(s.Candidate.Data) {
		return nil, nil
	}
	return in.Data, s.Candidate.Data
}

// solveSlope is y / x over the negative elements.
func (s *Segment) solveSlope(n *graph.Node) float64 {
	return s.solveRatio(n, func(x float64) float64 { return x })
}

// solveRatio is y / f(x) over the negative elements.
func (s *Segment) solveRatio(n *graph.Node, f func(x float64) float64) float64 {
	x, y := s.direct(n)
	var list []float64
	for i, v := range x {
		if v < 0 && math.Abs(v) > 1e-3 {
			list = append(list, y[i]/f(v))
		}
	}
	return median(list)
}
