package idiom

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// convolutionBias is a convolution, transposed or not, or a fully connected layer, and a bias for each of its outputs.
func convolutionBias(f *finder, n *graph.Node) *match {
	if !adds(n) {
		return nil
	}
	for _, v := range n.Inputs {
		weighted := f.producers[v]
		if weighted == nil || len(weighted.Outputs) != 1 {
			continue
		}
		l, outputs := withBias(weighted.Layer)
		if l == nil {
			continue
		}
		bias := f.addedTo(v, n, 1)
		params, ok := f.params(weighted.Params, outputs, bias)
		if bias == nil || !ok {
			continue
		}
		return &match{
			last: n, layer: l, inputs: weighted.Inputs, params: params, parts: f.between(weighted.Inputs, n.Outputs[0]),
			what: "the bias added",
		}
	}
	return nil
}

// adds reports whether a node adds something.
func adds(n *graph.Node) bool {
	switch l := n.Layer.(type) {
	case layer.Bias, layer.AddAlong:
		return true
	case layer.Binary:
		return l.Operation == layer.Sum
	case layer.Eltwise:
		return l.Combination == layer.EltwiseSum
	}
	return false
}

// withBias is a layer that has no bias with one, and how many numbers that has; nil for others.
func withBias(l layer.Layer) (layer.Layer, int) {
	switch l := l.(type) {
	case layer.Convolution:
		if !l.Bias {
			l.Bias = true
			return l, l.Outputs
		}
	case layer.Undilated:
		if !l.Of.Bias {
			l.Of.Bias = true
			return l, l.Of.Outputs
		}
	case layer.Deconvolution:
		if !l.Bias {
			l.Bias = true
			return l, l.Outputs
		}
	case layer.InnerProduct:
		if !l.Bias {
			l.Bias = true
			return l, l.Outputs
		}
	}
	return nil, 0
}

// addedTo is the vector of weights along an axis that a node adds to a value; nil if it does anything else.
func (f *finder) addedTo(v string, n *graph.Node, axis int) *atom {
	e := f.expression(v)
	y, x := e.of(n.Outputs[0]), e.leaf(v)
	bias := y.minus(x.polynomial).single()
	if y.rank != x.rank || !bias.vectorAlong(axis) {
		return nil
	}
	return bias
}
