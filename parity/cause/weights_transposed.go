package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var weightsTransposed = &Cause{
	ID:      "weights.transposed",
	Title:   "inputs and outputs of the weights are exchanged",
	Symptom: "A layer is wrong everywhere; only one with as many inputs as outputs can be, others do not fit.",
	Why: "Caffe and PyTorch store the matrix of a fully connected layer as [outputs, inputs], TensorFlow and Keras as [inputs, outputs]; " +
		"Caffe's transpose: true turns it round again. The kernels of a transposed convolution are [inputs, outputs, h, w] in Caffe and " +
		"PyTorch and [h, w, outputs, inputs] in TensorFlow.",
	Fix: Fixes{
		Caffe: "inner_product_param { transpose: ... }", TensorFlow: "w.T, or transpose_b=True in tf.matmul", Keras: "w.T", PyTorch: "w.t()", ONNX: "transB of Gemm",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.InnerProduct) []Fault {
			w := n.Params[0].Value.(*tensor.Tensor[float32])
			o, i := w.Shape[0], w.Shape[1]
			list := reordered(n, "read as its transpose", w, func(at int) int { return at%i*o + at/i })
			if o == i {
				return list
			}
			return append(list, reordered(n, "stored as its transpose", w, func(at int) int { return at%o*i + at/o })...)
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.rearranged("transposed", func(_ *graph.Node, w *tensor.Tensor[float32]) []*tensor.Tensor[float32] {
			o := w.Shape[0]
			i := w.Shape[1:].Len()
			m := tensor.From(w.Data, o, i)
			list := []*tensor.Tensor[float32]{
				tensor.Permute(tensor.From(w.Data, i, o), 1, 0),       // read as its transpose
				tensor.From(tensor.Permute(m, 1, 0).Data, w.Shape...), // stored as its transpose
			}
			if o, i, h, k, ok := kernels(w); ok && o == i && h*k > 1 {
				list = append(list, tensor.Permute(w, 1, 0, 2, 3))
			}
			return list
		})
	},
}
