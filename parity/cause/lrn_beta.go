package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var lrnBeta = &Cause{
	ID:      "lrn.beta",
	Title:   "the normalisation's beta is another one",
	Symptom: "The logarithm of the gain is off by one factor everywhere.",
	Why:     "TensorFlow's default is 0.5, that of the others 0.75: a port that leaves the argument out changes it.",
	Fix: Fixes{
		Caffe: "lrn_param { beta: B }", TensorFlow: "tf.nn.local_response_normalization(x, beta=B)",
		Keras: "the same in the Lambda layer", PyTorch: "nn.LocalResponseNorm(size, beta=B)", ONNX: "the attribute beta of LRN",
	},
	Variants: func(s *Segment) []Variant {
		within := otherNumbers(s, "beta", func(l *layer.SpatialLRN) *float64 { return &l.Beta },
			func(*graph.Node, layer.SpatialLRN) []float64 { return []float64{0.5, 0.75, 1} })
		return append(within, otherNumbers(s, "beta", func(l *layer.LRN) *float64 { return &l.Beta },
			func(n *graph.Node, l layer.LRN) []float64 {
				return append([]float64{0.5, 0.75, 1}, rounded(s.solveBeta(n, l))...)
			})...)
	},
}

// solveBeta: log(x/y) = beta log(scale).
func (s *Segment) solveBeta(n *graph.Node, l layer.LRN) float64 {
	at, ratio := s.scales(n)
	if at == nil {
		return math.NaN()
	}
	scale := l.Scale(s.Inputs[n.Inputs[0]], s.Threads)
	var list []float64
	for j, i := range at {
		list = append(list, math.Log(ratio[j])/math.Log(scale.Data[i]))
	}
	return median(list)
}
