package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var lrnBias = &Cause{
	ID:      "lrn.bias",
	Title:   "the constant k of the normalisation is another one",
	Symptom: "Where activations are small all outputs have one gain, (k / k')^beta, 0.59 for 2 instead of 1; where they are large less.",
	Why:     "AlexNet's paper has k = 2, Caffe's GoogLeNet 1; libraries have either as their default.",
	Fix: Fixes{
		Caffe: "lrn_param { k: K }", TensorFlow: "tf.nn.local_response_normalization(x, bias=K)",
		Keras: "the same in the Lambda layer", PyTorch: "nn.LocalResponseNorm(size, k=K)", ONNX: "the attribute bias of LRN",
	},
	Variants: func(s *Segment) []Variant {
		return otherNumbers(s, "k", func(l *layer.LRN) *float64 { return &l.K }, func(n *graph.Node, l layer.LRN) []float64 {
			return append([]float64{1, 2}, rounded(s.solveK(n, l))...)
		})
	},
}

// solveK: (x/y)^(1/beta) = k + alpha sum.
func (s *Segment) solveK(n *graph.Node, l layer.LRN) float64 {
	at, ratio := s.scales(n)
	if at == nil {
		return math.NaN()
	}
	plain := l
	plain.K = 0
	scale := plain.Scale(s.Inputs[n.Inputs[0]], s.Threads)
	var list []float64
	for j, i := range at {
		list = append(list, math.Pow(ratio[j], 1/l.Beta)-scale.Data[i])
	}
	return median(list)
}
