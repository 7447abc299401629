package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var weightsSwapHW = &Cause{
	ID:      "weights.swap-hw",
	Title:   "height and width of the kernels are swapped",
	Symptom: "Errors at oriented filters; symmetric kernels and 1x1 convolutions are exact, and channel means agree.",
	Why:     "A transposition such as (3, 2, 1, 0) instead of (2, 3, 1, 0) when OIHW weights are written as HWIO, or weights from a column-major program.",
	Fix: Fixes{
		Caffe: "blobs are OIHW", TensorFlow: "np.transpose(w, (2, 3, 1, 0)) makes HWIO of Caffe's OIHW", Keras: "the same for set_weights",
		PyTorch: "OIHW as it is", ONNX: "OIHW as it is",
	},
	Break: func(p *Port) []Fault {
		return breakWeights(p, 0, func(n *graph.Node, w *tensor.Tensor[float32]) []Fault {
			if len(w.Shape) != 4 || w.Shape[2] != w.Shape[3] {
				return nil
			}
			k := w.Shape[2]
			return reordered(n, "", w, func(at int) int { return at/(k*k)*k*k + at%k*k + at/k%k })
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.rearranged("with height and width of every kernel swapped", func(_ *graph.Node, w *tensor.Tensor[float32]) []*tensor.Tensor[float32] {
			if _, _, h, k, ok := kernels(w); !ok || h != k {
				return nil
			}
			return []*tensor.Tensor[float32]{tensor.Permute(w, 0, 1, 3, 2)}
		})
	},
}
