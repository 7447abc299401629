package cause

var inputMean = &Cause{
	ID:      "input.mean",
	Title:   "another mean was subtracted from the input",
	Symptom: "The inputs differ by a constant for each channel.",
	Why:     "No mean was subtracted, or that of another data set: (104, 117, 123) and (103.939, 116.779, 123.68) are both in use.",
	Fix: Fixes{
		Caffe: "transform_param { mean_value: ... }", TensorFlow: "subtract the same mean", Keras: "preprocess_input of the right mode", PyTorch: "transforms.Normalize(mean, ...)", ONNX: "subtract the same mean",
	},
	Variants: func(s *Segment) []Variant {
		x := s.picture()
		if x == nil {
			return nil
		}
		by := s.shifts(x)
		if zero(by) || turned(by) {
			return nil
		}
		return []Variant{s.fedVariant(shifted(x, by), channelNumbers(by), "the candidate's input is the reference's plus "+channelNumbers(by)+": another mean was subtracted")}
	},
}
