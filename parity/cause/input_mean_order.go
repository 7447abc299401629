package cause

import "parity/googlenet/tensor"

var inputMeanOrder = &Cause{
	ID:      "input.mean-order",
	Title:   "the mean was subtracted in reverse order of the channels",
	Symptom: "The inputs differ by a constant for each channel, the first and last by opposite ones, and the middle one agrees.",
	Why:     "The channels were turned from BGR to RGB, the mean was not.",
	Fix: Fixes{
		Caffe: "mean_value in the order of the channels", TensorFlow: "turn the mean round", Keras: "turn the mean round", PyTorch: "turn the mean round", ONNX: "turn the mean round",
	},
	Break: func(p *Port) []Fault {
		channels := p.Input.Shape[1]
		if channels < 2 {
			return nil
		}
		return []Fault{fedFault(p, "", true, func(x *tensor.Tensor[float32], n, c, y, w int, size float64) float64 {
			return pixel(x, n, c, y, w) + size*19*float64(channels-1-2*c)/float64(channels-1)
		})}
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
		return []Variant{s.fedVariant(shifted(x, by), "reversed", "the candidate's input is the reference's plus "+channelNumbers(by)+": the mean was subtracted in the reverse order of channels").solving(len(by))}
	},
}
