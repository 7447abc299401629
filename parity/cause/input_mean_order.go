package cause

var inputMeanOrder = &Cause{
	ID:      "input.mean-order",
	Title:   "the mean was subtracted in reverse order of the channels",
	Symptom: "The inputs differ by a constant for each channel, the first and last by opposite ones, and the middle one agrees.",
	Why:     "The channels were turned from BGR to RGB, the mean was not.",
	Fix: Fixes{
		Caffe: "mean_value in the order of the channels", TensorFlow: "turn the mean round", Keras: "turn the mean round", PyTorch: "turn the mean round", ONNX: "turn the mean round",
	},
	Variants: func(s *Segment) []Variant {
		x := s.picture()
		if x == nil {
			return nil
		}
		by := s.shifts(x)
		if !turned(by) {
			return nil
		}
		return []Variant{s.fedVariant(shifted(x, by), "reversed", "the candidate's input is the reference's plus "+channelNumbers(by)+": the mean was subtracted in the reverse order of channels")}
	},
}
