package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var bnScaleFactor = &Cause{
	ID:      "bn.scale-factor",
	Title:   "the statistics are not divided by Caffe's scale factor",
	Symptom: "Mean and variance are off by one common factor in all channels, about 1000 after a long training; outputs are squeezed towards a constant.",
	Why:     "Caffe's BatchNorm stores sums and, in a third blob, what they have to be divided by; converters drop it.",
	Fix: Fixes{
		Caffe: "keep the third blob", TensorFlow: "moving_mean = blob[0] / blob[2], moving_variance = blob[1] / blob[2]", Keras: "the same", PyTorch: "the same for running_mean and running_var",
		ONNX: "the same for mean and var",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.BatchNorm) []Fault {
			factor := float64(n.Params[2].Value.(*tensor.Tensor[float32]).Data[0])
			if factor == 1 || factor == 0 {
				return nil
			}
			return []Fault{
				changedParam(n, 2, "dropped", false, func(int, float64, float64) float64 { return 1 }),
				changedParam(n, 2, "divided twice", false, func(_ int, v, _ float64) float64 { return v * v }),
				changedParam(n, 0, "dropped for the mean", false, func(_ int, v, _ float64) float64 { return v * factor }),
				changedParam(n, 1, "dropped for the variance", false, func(_ int, v, _ float64) float64 { return v * factor }),
			}
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.normalisations(func(b normalisation) []Variant {
			factor := b.factor
			if factor == 1 || factor == 0 {
				return nil
			}
			reference := "divided by " + number(factor)
			return []Variant{
				b.variant(b.with(times(b.mean, factor), times(b.variance, factor)), "mean and variance", reference, "as they are stored"),
				b.variant(b.with(nil, times(b.variance, factor)), "the variance", reference, "as it is stored"),
				b.variant(b.with(times(b.mean, factor), nil), "the mean", reference, "as it is stored"),
				b.variant(b.with(times(b.mean, 1/factor), times(b.variance, 1/factor)), "mean and variance", reference, "divided twice"),
			}
		})
	},
}
