package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var weightsLayout = &Cause{
	ID:      "weights.layout",
	Title:   "the weights' bytes were read in another layout",
	Symptom: "The output is close to noise; the weights' histogram is that of the reference.",
	Why:     "An OIHW array was reshaped to HWIO (or the reverse) where it should have been transposed.",
	Fix: Fixes{
		Caffe: "transpose to OIHW", TensorFlow: "np.transpose(w, (2, 3, 1, 0)), not reshape", Keras: "the same", PyTorch: "w.permute(3, 2, 0, 1) from HWIO", ONNX: "transpose to OIHW",
	},
	Variants: func(s *Segment) []Variant {
		return s.rearranged("read in another layout without being transposed", func(_ *graph.Node, w *tensor.Tensor[float32]) []*tensor.Tensor[float32] {
			o, i, h, k, ok := kernels(w)
			if !ok {
				return nil
			}
			return []*tensor.Tensor[float32]{
				tensor.Permute(tensor.From(w.Data, h, k, i, o), 3, 2, 0, 1), // OIHW read as HWIO
				tensor.From(tensor.Permute(w, 2, 3, 1, 0).Data, o, i, h, k), // HWIO read as OIHW
				tensor.From(tensor.Permute(w, 0, 2, 3, 1).Data, o, i, h, k), // OHWI read as OIHW
				tensor.Permute(tensor.From(w.Data, o, h, k, i), 0, 3, 1, 2), // OIHW read as OHWI
			}
		})
	},
}
