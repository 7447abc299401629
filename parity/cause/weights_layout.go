package cause

import (
	"slices"

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
	Break: func(p *Port) []Fault {
		return breakWeights(p, 0, func(n *graph.Node, w *tensor.Tensor[float32]) []Fault {
			if len(w.Shape) != 4 {
				return nil
			}
			o, i, h, k := w.Shape[0], w.Shape[1], w.Shape[2], w.Shape[3]
			return slices.Concat(
				reordered(n, "OIHW read as HWIO", w, func(at int) int { // element (a, b, y, x) is read at ((y, x), b, a)
					a, b, cell := at/(i*h*k), at/(h*k)%i, at%(h*k)
					return (cell*i+b)*o + a
				}),
				reordered(n, "HWIO read as OIHW", w, func(at int) int {
					a, b, cell := at%o, at/o%i, at/(o*i)
					return (a*i+b)*h*k + cell
				}),
				reordered(n, "OHWI read as OIHW", w, func(at int) int {
					a, b, cell := at/(i*h*k), at%i, at/i%(h*k)
					return (a*i+b)*h*k + cell
				}))
		})
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
