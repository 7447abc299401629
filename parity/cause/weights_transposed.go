package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var weightsTransposed = &Cause{
	ID:      "weights.transposed",
	Title:   "a matrix of weights is transposed",
	Symptom: "A fully connected layer is wrong everywhere; only a square one can be, others do not fit.",
	Why:     "Caffe and PyTorch store [outputs, inputs], TensorFlow and Keras [inputs, outputs]; Caffe's transpose: true turns it round again.",
	Fix: Fixes{
		Caffe: "inner_product_param { transpose: ... }", TensorFlow: "w.T, or transpose_b=True in tf.matmul", Keras: "w.T", PyTorch: "w.t()", ONNX: "transB of Gemm",
	},
	Variants: func(s *Segment) []Variant {
		return s.rearranged("transposed", func(_ *graph.Node, w *tensor.Tensor[float32]) []*tensor.Tensor[float32] {
			o := w.Shape[0]
			i := w.Shape[1:].Len()
			m := tensor.From(w.Data, o, i)
			list := []*tensor.Tensor[float32]{tensor.Permute(tensor.From(w.Data, i, o), 1, 0)}
			if o == i {
				list = append(list, tensor.Permute(m, 1, 0))
			}
			return list
		})
	},
}
