package cause

import "parity/googlenet/layer"

var softmaxAxis = &Cause{
	ID:      "softmax.axis",
	Title:   "the softmax runs along another axis",
	Symptom: "The probabilities of one image do not add up to 1, but those along another axis do.",
	Why:     "Frameworks take the last axis for the classes (NHWC), Caffe the second; a map of scores keeps its shape either way.",
	Fix: Fixes{
		Caffe: "softmax_param { axis: 1 }", TensorFlow: "tf.nn.softmax(x, axis=-1) for NHWC", Keras: "Softmax(axis=-1)", PyTorch: "torch.softmax(x, dim=1)", ONNX: "the attribute axis",
	},
	Variants: func(s *Segment) []Variant {
		return otherAxes(s, "the softmax runs along axis %d (NCHW) in the reference, along %d in the candidate",
			func(l layer.Softmax) int { return l.Axis },
			func(axis int) layer.Softmax { return layer.Softmax{Axis: axis} })
	},
}
