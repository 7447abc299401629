package cause

import "parity/googlenet/tensor"

var inputChannelOrder = &Cause{
	ID:      "input.channel-order",
	Title:   "the candidate was fed the channels in reverse order",
	Symptom: "The first layer is wrong everywhere, and exact once the input's channels are turned round; grey pictures agree. The best class often stays.",
	Why:     "Caffe and OpenCV have BGR, everybody else RGB.",
	Fix: Fixes{
		Caffe: "transformer.set_channel_swap('data', (2, 1, 0))", TensorFlow: "x[..., ::-1]", Keras: "preprocess_input of the right mode", PyTorch: "x[:, [2, 1, 0]]", ONNX: "turn the channels before the session runs",
	},
	Break: func(p *Port) []Fault {
		channels := p.Input.Shape[1]
		if channels < 2 {
			return nil
		}
		means := []float64{104, 117, 123, 110, 131}
		return []Fault{
			fedFault(p, "reversed", false, func(x *tensor.Tensor[float32], n, c, y, w int, _ float64) float64 {
				return pixel(x, n, channels-1-c, y, w)
			}),
			fedFault(p, "reversed, the mean not", false, func(x *tensor.Tensor[float32], n, c, y, w int, _ float64) float64 {
				from := channels - 1 - c
				return pixel(x, n, from, y, w) + means[from] - means[c]
			}),
		}
	},
	Variants: func(s *Segment) []Variant {
		x := s.picture()
		if x == nil || x.Shape[1] < 2 {
			return nil
		}
		r := s.reversed(x)
		list := []Variant{s.fedVariant(r, "reversed", "the candidate's input has the reference's channels in reverse order")}
		if by := s.shifts(r); turned(by) {
			list = append(list, s.fedVariant(shifted(r, by), "reversed, the mean not",
				"the candidate's picture has its channels in reverse order, but the mean that was subtracted has not: what is left differs by "+channelNumbers(by)).solving(len(by)))
		}
		return list
	},
}
