package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var weightsChannelOrder = &Cause{
	ID:      "weights.channel-order",
	Title:   "the input channels of the weights are reversed",
	Symptom: "The first layer is wrong everywhere, its border not more than its interior; grey images are exact.",
	Why:     "The first layer was turned from BGR to RGB to fit another input, and the input was not, or both were.",
	Fix: Fixes{
		Caffe: "w[:, ::-1]", TensorFlow: "w[:, :, ::-1, :]", Keras: "w[:, :, ::-1, :]", PyTorch: "w.flip(1)", ONNX: "w[:, ::-1]",
	},
	Break: func(p *Port) []Fault {
		return breakWeights(p, 0, func(n *graph.Node, w *tensor.Tensor[float32]) []Fault {
			if len(w.Shape) != 4 || n.Layer.Kind() != "Convolution" {
				return nil
			}
			i, area := w.Shape[1], w.Shape[2]*w.Shape[3]
			return reordered(n, "", w, func(at int) int {
				c := at / area % i
				return at + (i-1-2*c)*area
			})
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.rearranged("with the input channels in reverse order", func(n *graph.Node, w *tensor.Tensor[float32]) []*tensor.Tensor[float32] {
			o, i, h, k, ok := kernels(w)
			if _, transposed := n.Layer.(layer.Deconvolution); ok && transposed && o > 1 {
				return []*tensor.Tensor[float32]{reversedRows(w, o)}
			}
			if !ok || i < 2 {
				return nil
			}
			out := tensor.New[float32](w.Shape...)
			area := h * k
			for row := range o {
				for c := range i {
					copy(out.Data[(row*i+c)*area:][:area], w.Data[(row*i+i-1-c)*area:])
				}
			}
			return []*tensor.Tensor[float32]{out}
		})
	},
}
