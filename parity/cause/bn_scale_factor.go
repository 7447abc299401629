package cause

var bnScaleFactor = &Cause{
	ID:      "bn.scale-factor",
	Title:   "the statistics are not divided by Caffe's scale factor",
	Symptom: "Mean and variance are off by one common factor in all channels, about 1000 after a long training; outputs are squeezed towards a constant.",
	Why:     "Caffe's BatchNorm stores sums and, in a third blob, what they have to be divided by; converters drop it.",
	Fix: Fixes{
		Caffe: "keep the third blob", TensorFlow: "moving_mean = blob[0] / blob[2], moving_variance = blob[1] / blob[2]", Keras: "the same", PyTorch: "the same for running_mean and running_var",
		ONNX: "the same for mean and var",
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
