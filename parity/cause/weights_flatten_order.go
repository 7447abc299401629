package cause

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var weightsFlattenOrder = &Cause{
	ID:      "weights.flatten-order",
	Title:   "a fully connected layer reads its flattened map in another order",
	Symptom: "The layer after a flatten is uncorrelated with the reference's, while mean and spread agree; over 1x1 maps nothing differs.",
	Why:     "Caffe, PyTorch and ONNX flatten channel by channel, TensorFlow and Keras cell by cell; the rows of the weights have to be moved accordingly.",
	Fix: Fixes{
		Caffe:      "rows in the order channel, row, column",
		TensorFlow: "w.reshape(outputs, C, H, W).transpose(2, 3, 1, 0).reshape(H*W*C, outputs)", Keras: "the same", PyTorch: "rows in the order channel, row, column",
		ONNX: "rows in the order of what Flatten reads",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.InnerProduct) []Fault {
			in := p.Shapes[n.Inputs[0]]
			if len(in) != 4 || in[2]*in[3] == 1 {
				return nil
			}
			w := n.Params[0].Value.(*tensor.Tensor[float32])
			c, cells := in[1], in[2]*in[3]
			row := func(at, to int) int { return at/(c*cells)*c*cells + to }
			return slices.Concat(
				reordered(n, "cell by cell", w, func(at int) int { i := at % (c * cells); return row(at, i%cells*c+i/cells) }),
				reordered(n, "channel by channel", w, func(at int) int { i := at % (c * cells); return row(at, i%c*cells+i/c) }))
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.rearranged("with the flattened cells in another order", func(n *graph.Node, w *tensor.Tensor[float32]) []*tensor.Tensor[float32] {
			in := s.mapBefore(n)
			if len(in) != 4 || in[2]*in[3] == 1 || in[1:].Len() != w.Shape[1:].Len() {
				return nil
			}
			o, c, h, k := w.Shape[0], in[1], in[2], in[3]
			return []*tensor.Tensor[float32]{
				tensor.Permute(tensor.From(w.Data, o, h, k, c), 0, 3, 1, 2), // rows that are in the order C H W taken for H W C
				tensor.Permute(tensor.From(w.Data, o, c, h, k), 0, 2, 3, 1), // the reverse
				tensor.Permute(tensor.From(w.Data, o, c, h, k), 0, 1, 3, 2), // columns first, as in MATLAB
			}
		})
	},
}

// mapBefore is the shape of the map that a layer reads, as it was before it was flattened.
func (s *Segment) mapBefore(n *graph.Node) tensor.Shape {
	value := n.Inputs[0]
	for range 4 {
		if shape := s.shape(value); len(shape) == 4 {
			return shape
		}
		before := s.Reference.Producers()[value]
		if before == nil || len(before.Inputs) != 1 {
			return nil
		}
		if value = before.Inputs[0]; len(s.ReferenceShapes[value]) == 4 {
			return s.ReferenceShapes[value]
		}
	}
	return nil
}
