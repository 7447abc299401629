package cause

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// element computes a single element of the segment's output as a variant has it, where only the last node is another one and a
// product of weights: it takes as many products as the element has, and not as many as the whole output. ok is false where
// that is not the case, fits where the output has another shape.
func (s *Segment) element(v Variant, at int) (value float64, fits, ok bool) {
	last := len(s.Nodes) - 1
	if last < 0 || len(v.Nodes) != len(s.Nodes) || !slices.Equal(v.Nodes[:last], s.Nodes[:last]) {
		return 0, false, false
	}
	n := v.Nodes[last]
	x := s.inputs(v)[n.Inputs[0]]
	if x == nil {
		x = s.own[n.Inputs[0]]
	}
	l, is := n.Layer.(layer.Convolution)
	if !is || x == nil || n.Outputs[0] != s.Output || len(n.Params) == 0 {
		return 0, false, false
	}
	shapes, err := graph.ShapesOf(n, []*tensor.Tensor[float64]{x})
	if err != nil || !shapes[0].Equal(s.Candidate.Shape) {
		return 0, false, true
	}
	return convolved(l, n, x, s.Candidate.Shape.Index(at)), true, true
}

// convolved is one element of a convolution.
func convolved(l layer.Convolution, n *graph.Node, x *tensor.Tensor[float64], at []int) float64 {
	image, o, row, column := at[0], at[1], at[2], at[3]
	h, w := x.Shape[2], x.Shape[3]
	top, left, _, _ := l.Padding.For(h, w, l.Window)
	each := x.Shape[1] / l.Groups
	first := o / (l.Outputs / l.Groups) * each
	weight := reader(n.Params[0].Value)
	sum := 0.0
	if l.Bias {
		sum = reader(n.Params[1].Value)(o)
	}
	for i := range each {
		for u := range l.Kernel[0] {
			y := row*l.Stride[0] + u*l.Dilation[0] - top
			for v := range l.Kernel[1] {
				z := column*l.Stride[1] + v*l.Dilation[1] - left
				if y >= 0 && y < h && z >= 0 && z < w {
					sum += weight(((o*each+i)*l.Kernel[0]+u)*l.Kernel[1]+v) * x.Data[((image*x.Shape[1]+first+i)*h+y)*w+z]
				}
			}
		}
	}
	return sum
}

// reader reads numbers of a tensor without converting all of them.
func reader(t tensor.Any) func(i int) float64 {
	if single, ok := t.(*tensor.Tensor[float32]); ok {
		return func(i int) float64 { return float64(single.Data[i]) }
	}
	data := tensor.As[float64](t).Data
	return func(i int) float64 { return data[i] }
}
