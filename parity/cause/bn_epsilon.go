package cause

import (
	"math"

	"parity/googlenet/graph"
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
	Break: func(p *Port) []Fault {
		return append(append(
			resized(p, "any", func(l layer.BatchNorm, size float64) layer.BatchNorm { l.Epsilon += 0.01 * size; return l }),
			resized(p, "any", func(l layer.FusedBatchNorm, size float64) layer.FusedBatchNorm { l.Epsilon += 0.01 * size; return l })...),
			append(
				remade(p, func(_ *graph.Node, l layer.BatchNorm) []remake {
					l.Epsilon = otherDefault(l.Epsilon)
					return []remake{{"default", l}}
				}),
				remade(p, func(_ *graph.Node, l layer.FusedBatchNorm) []remake {
					l.Epsilon = otherDefault(l.Epsilon)
					return []remake{{"default", l}}
				})...)...)
	},
	Variants: func(s *Segment) []Variant {
		return s.normalisations(func(b normalisation) []Variant {
			var list []Variant
			for _, e := range b.epsilons() {
				v := b.variant(b.withEpsilon(e.value), "epsilon", number(b.epsilon), number(e.value))
				list = append(list, e.mark(v))
			}
			return list
		})
	},
}

// epsilons lists that of the candidate's graph, what its numbers call for, and what frameworks have by default.
func (b normalisation) epsilons() []trial {
	var list []trial
	if d, ok := declared[layer.BatchNorm](b.Segment); ok {
		list = append(list, stated(d.Epsilon))
	}
	if d, ok := declared[layer.FusedBatchNorm](b.Segment); ok {
		list = append(list, stated(d.Epsilon))
	}
	list = append(list, solved(b.solveEpsilon()...)...)
	list = append(list, usual(1e-3, 1e-5, 1e-4, 1e-6, 2e-5, 1e-2, 1e-7, 1e-8, 1e-9, 1e-12, 0)...)
	return otherThan(b.epsilon, list)
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

// otherDefault is an epsilon that another framework has where nothing is said.
func otherDefault(epsilon float64) float64 {
	if epsilon == 1e-3 {
		return 1e-5
	}
	return 1e-3
}
