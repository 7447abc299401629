package cause

import "parity/googlenet/tensor"

var inputMean = &Cause{
	ID:      "input.mean",
	Title:   "another mean was subtracted from the input",
	Symptom: "The inputs differ by a constant for each channel.",
	Why:     "No mean was subtracted, or that of another data set: (104, 117, 123) and (103.939, 116.779, 123.68) are both in use.",
	Fix: Fixes{
		Caffe: "transform_param { mean_value: ... }", TensorFlow: "subtract the same mean", Keras: "preprocess_input of the right mode", PyTorch: "transforms.Normalize(mean, ...)", ONNX: "subtract the same mean",
	},
	Break: func(p *Port) []Fault {
		means := []float64{104, 117, 123, 110, 131}
		return []Fault{fedFault(p, "all channels", true, func(x *tensor.Tensor[float32], n, c, y, w int, size float64) float64 {
			return pixel(x, n, c, y, w) + size*means[c]
		}), fedFault(p, "one channel", true, func(x *tensor.Tensor[float32], n, c, y, w int, size float64) float64 {
			return pixel(x, n, c, y, w) - size*10*float64(1-min(c, 1))
		})}
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
		return []Variant{s.fedVariant(shifted(x, by), channelNumbers(by), "the candidate's input is the reference's plus "+channelNumbers(by)+": another mean was subtracted").solving(len(by))}
	},
}
