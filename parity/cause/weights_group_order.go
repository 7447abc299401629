package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var weightsGroupOrder = &Cause{
	ID:      "weights.group-order",
	Title:   "the outputs of a grouped convolution are in another order",
	Symptom: "Blocks of channels are exact, but elsewhere.",
	Why:     "Depthwise weights are [h, w, channels, multiplier] in TensorFlow and [outputs, 1, h, w] in Caffe; whichever of channel and multiplier runs faster is easily mistaken.",
	Fix: Fixes{
		Caffe: "output o belongs to group o / (outputs / groups)", TensorFlow: "depthwise output c * multiplier + m", Keras: "the same", PyTorch: "as Caffe", ONNX: "as Caffe",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.Convolution) []Fault {
			if l.Groups < 2 {
				return nil
			}
			w := n.Params[0].Value.(*tensor.Tensor[float32])
			each, rest := l.Outputs/l.Groups, w.Shape[1:].Len()
			list := reordered(n, "groups reversed", w, func(at int) int {
				o := at / rest
				return ((l.Groups-1-o/each)*each+o%each)*rest + at%rest
			})
			if each == 1 {
				return list
			}
			return append(list, reordered(n, "outputs before groups", w, func(at int) int {
				o := at / rest
				return (o%l.Groups*each+o/l.Groups)*rest + at%rest
			})...)
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.rearranged("with groups and the outputs within a group exchanged", func(n *graph.Node, w *tensor.Tensor[float32]) []*tensor.Tensor[float32] {
			l, ok := n.Layer.(layer.Convolution)
			if !ok || l.Groups < 2 {
				return nil
			}
			each, rest := l.Outputs/l.Groups, w.Shape[1:].Len()
			list := []*tensor.Tensor[float32]{reversedRows(w, l.Groups)}
			if each > 1 {
				list = append(list,
					tensor.Permute(tensor.From(w.Data, l.Groups, each, rest), 1, 0, 2),
					tensor.Permute(tensor.From(w.Data, each, l.Groups, rest), 1, 0, 2))
			}
			return list
		})
	},
}

// reversedRows returns blocks of rows in reverse order.
func reversedRows(w *tensor.Tensor[float32], blocks int) *tensor.Tensor[float32] {
	out := tensor.New[float32](w.Shape...)
	size := len(w.Data) / blocks
	for b := range blocks {
		copy(out.Data[b*size:][:size], w.Data[(blocks-1-b)*size:])
	}
	return out
}
