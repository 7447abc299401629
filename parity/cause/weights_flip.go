package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var weightsFlip = &Cause{
	ID:      "weights.flip",
	Title:   "the kernels are turned by 180 degrees",
	Symptom: "Errors at filters that are not symmetric about their centre; 1x1 convolutions are exact.",
	Why:     "Theano and MATLAB compute true convolution, Caffe, TensorFlow and PyTorch cross-correlation: moving weights between them turns the kernels.",
	Fix: Fixes{
		Caffe: "w[:, :, ::-1, ::-1]", TensorFlow: "w[::-1, ::-1, :, :]", Keras: "w[::-1, ::-1, :, :]", PyTorch: "torch.flip(w, (2, 3))", ONNX: "w[:, :, ::-1, ::-1]",
	},
	Break: func(p *Port) []Fault {
		return breakWeights(p, 0, func(n *graph.Node, w *tensor.Tensor[float32]) []Fault {
			if len(w.Shape) != 4 {
				return nil
			}
			area := w.Shape[2] * w.Shape[3]
			return reordered(n, "", w, func(at int) int { return at/area*area + area - 1 - at%area })
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.rearranged("with every kernel turned by 180 degrees", func(_ *graph.Node, w *tensor.Tensor[float32]) []*tensor.Tensor[float32] {
			o, i, h, k, ok := kernels(w)
			if !ok {
				return nil
			}
			out := tensor.New[float32](w.Shape...)
			area := h * k
			for plane := range o * i {
				for at := range area {
					out.Data[plane*area+at] = w.Data[plane*area+area-1-at]
				}
			}
			return []*tensor.Tensor[float32]{out}
		})
	},
}
