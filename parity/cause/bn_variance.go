package cause

import (
	"fmt"
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var bnVariance = &Cause{
	ID:      "bn.variance",
	Title:   "the variance is the biased one on one side, the unbiased on the other",
	Symptom: "All channels have one gain close to 1, sqrt(m / (m - 1)) for m elements a channel in training.",
	Why:     "Caffe, PyTorch and TensorFlow's fused operation store the unbiased variance m/(m-1), Keras' and slim's plain one the biased.",
	Fix: Fixes{
		Caffe: "multiply the stored variance by m/(m-1), or divide", TensorFlow: "the same", Keras: "the same", PyTorch: "the same", ONNX: "the same",
	},
	Break: func(p *Port) []Fault {
		unbiased := func(n *graph.Node, variance int) []Fault {
			var list []Fault
			for _, m := range []float64{8, 289, 5000} {
				list = append(list,
					changedParam(n, variance, fmt.Sprintf("biased, m = %g", m), false, func(_ int, v, _ float64) float64 { return v * (m - 1) / m }),
					changedParam(n, variance, fmt.Sprintf("unbiased, m = %g", m), false, func(_ int, v, _ float64) float64 { return v * m / (m - 1) }))
			}
			return list
		}
		return append(
			breakNodes(p, func(n *graph.Node, _ layer.BatchNorm) []Fault { return unbiased(n, 1) }),
			breakNodes(p, func(n *graph.Node, _ layer.FusedBatchNorm) []Fault { return unbiased(n, 3) })...)
	},
	Variants: func(s *Segment) []Variant {
		return s.normalisations(func(b normalisation) []Variant {
			stored, wanted := b.variances()
			var ratios []float64
			for i, v := range stored {
				ratios = append(ratios, (wanted[i]-b.epsilon)/v)
			}
			r := median(ratios)
			if !(r > 0.5 && r < 2) || r == 1 {
				return nil
			}
			m := math.Round(max(r, 1/r) / (max(r, 1/r) - 1)) // r = m / (m-1) or its inverse
			if m < 2 || m > 1e6 {
				return nil
			}
			exact, word := m/(m-1), "larger by m / (m-1)"
			if r < 1 {
				exact, word = (m-1)/m, "smaller by (m-1) / m"
			}
			v := b.variant(b.with(nil, times(b.variance, exact)), "the variance", "as it is stored", fmt.Sprintf("%s for m = %.0f", word, m))
			v.Unknowns = 1
			return []Variant{v}
		})
	},
}
