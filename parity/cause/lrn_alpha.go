package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var lrnAlpha = &Cause{
	ID:    "lrn.alpha",
	Title: "the normalisation's alpha is another one",
	Symptom: "Outputs shrink or grow with the size of their neighbourhood; where activations are small nothing differs. Taken for " +
		"a gain, it is between 0.4 and 1 on the first layers of GoogLeNet.",
	Why: "Caffe, PyTorch and ONNX divide alpha by the number of channels in the window, TensorFlow and the paper do not: a port " +
		"that copies alpha = 1e-4 from Caffe has to write 2e-5 for a window of five.",
	Fix: Fixes{
		Caffe:      "lrn_param { alpha: A } with A = size times the plain factor",
		TensorFlow: "tf.nn.local_response_normalization(x, alpha=A) with A = Caffe's alpha / size",
		Keras:      "a Lambda layer around tf.nn.local_response_normalization with alpha = Caffe's alpha / size",
		PyTorch:    "nn.LocalResponseNorm(size, alpha=A) with Caffe's A",
		ONNX:       "LRN with alpha = Caffe's alpha and size = local_size",
	},
	Variants: func(s *Segment) []Variant {
		within := otherNumbers(s, "alpha", func(l *layer.SpatialLRN) *float64 { return &l.Alpha },
			func(_ *graph.Node, l layer.SpatialLRN) []float64 {
				size := float64(l.Size) // a mean taken for a sum over the window or along an axis, or the reverse
				return []float64{l.Alpha * size * size, l.Alpha / size / size, l.Alpha * size, l.Alpha / size}
			})
		return append(within, otherNumbers(s, "alpha (as it multiplies the sum of squares)", func(l *layer.LRN) *float64 { return &l.Alpha },
			func(n *graph.Node, l layer.LRN) []float64 {
				size := float64(l.Size)
				return append([]float64{l.Alpha * size, l.Alpha / size}, rounded(s.solveAlpha(n, l))...)
			})...)
	},
}

// scales returns, for the largest elements that the segment maps directly from its input to its output, what the
// candidate has divided them by to the power beta, and their offsets.
func (s *Segment) scales(n *graph.Node) (at []int, ratio []float64) {
	x := s.Inputs[n.Inputs[0]]
	if x == nil || s.Output != n.Outputs[0] || len(x.Data) != len(s.Candidate.Data) {
		return nil, nil
	}
	for _, i := range largest(x, 256) {
		if x.Data[i] != 0 && s.Candidate.Data[i] != 0 {
			at, ratio = append(at, i), append(ratio, x.Data[i]/s.Candidate.Data[i])
		}
	}
	return at, ratio
}

// solveAlpha: x/y = (k + alpha sum)^beta.
func (s *Segment) solveAlpha(n *graph.Node, l layer.LRN) float64 {
	at, ratio := s.scales(n)
	if at == nil {
		return math.NaN()
	}
	plain := layer.LRN{Size: l.Size, Alpha: 1, K: 0}.Scale(s.Inputs[n.Inputs[0]], s.Threads)
	var list []float64
	for j, i := range at {
		list = append(list, (math.Pow(ratio[j], 1/l.Beta)-l.K)/plain.Data[i])
	}
	return median(list)
}
