package cause

import (
	"math"
	"slices"

	"parity/googlenet/layer"
)

var bnEpsilon = &Cause{
	ID:      "bn.epsilon",
	Title:   "the epsilon of the batch normalisation is another one",
	Symptom: "Channels of small variance are off by a gain, sqrt((v + e) / (v + e')); those of large variance agree.",
	Why:     "Caffe and PyTorch default to 1e-5, Keras and TF-slim to 1e-3; some converters write a constant.",
	Fix: Fixes{
		Caffe: "batch_norm_param { eps: E }", TensorFlow: "epsilon=E of tf.nn.batch_normalization or FusedBatchNorm", Keras: "BatchNormalization(epsilon=E)",
		PyTorch: "nn.BatchNorm2d(eps=E)", ONNX: "the attribute epsilon of BatchNormalization",
	},
	Variants: func(s *Segment) []Variant {
		return s.normalisations(func(b normalisation) []Variant {
			tries := []float64{1e-3, 1e-5, 1e-4, 1e-6, 2e-5, 1e-2, 1e-7, 1e-8, 1e-9, 1e-12, 0}
			tries = slices.Concat(s.declaredEpsilons(), b.solveEpsilon(), tries)
			var list []Variant
			for _, e := range distinct(b.epsilon, tries...) {
				list = append(list, b.variant(b.withEpsilon(e), "epsilon", number(b.epsilon), number(e)))
			}
			return list
		})
	},
}

// declaredEpsilons are those of the candidate's normalisation, if its graph has one here.
func (s *Segment) declaredEpsilons() []float64 {
	if l, ok := declared[layer.BatchNorm](s); ok {
		return []float64{l.Epsilon}
	}
	if l, ok := declared[layer.FusedBatchNorm](s); ok {
		return []float64{l.Epsilon}
	}
	return nil
}

// solveEpsilon takes the channels of small variance, where epsilon shows most.
func (b normalisation) solveEpsilon() []float64 {
	stored, wanted := b.variances()
	least := math.Inf(1)
	for i, v := range stored {
		if wanted[i] == wanted[i] && !math.IsInf(wanted[i], 0) {
			least = min(least, v)
		}
	}
	var list []float64
	for i, v := range stored {
		if v <= 2*least {
			list = append(list, wanted[i]-v)
		}
	}
	e := median(list)
	if !(e >= 0) {
		return nil
	}
	return rounded(e)
}
