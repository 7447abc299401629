package cause

import (
	"fmt"
	"maps"
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var structureWiring = &Cause{
	ID:      "structure.wiring",
	Title:   "the layer reads another layer's output",
	Symptom: "The layer is wrong although its weights and settings agree; given the output of another layer it is exact.",
	Why:     "A name was mistaken in a module of several branches, or a shortcut starts before an activation instead of behind it.",
	Fix: Fixes{
		Caffe: "the bottom of the layer", TensorFlow: "the operation's input", Keras: "the tensor that the layer is called with", PyTorch: "the variable in forward()", ONNX: "the node's input",
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			for i, in := range n.Inputs {
				if _, moves := n.Layer.(layer.Reshape); moves || s.Others == nil {
					continue
				}
				others := s.Others(s.shape(in))
				for _, v := range slices.Sorted(maps.Keys(others)) {
					if slices.Contains(n.Inputs, v) || s.Inputs[in] != nil && slices.Equal(others[v].Data, s.Inputs[in].Data) {
						continue
					}
					changed := *n.As(n.Layer, n.Params)
					changed.Inputs = slices.Clone(n.Inputs)
					changed.Inputs[i] = v
					list = append(list, Variant{
						Nodes: s.With(n, &changed), Layer: n, Inputs: map[string]*tensor.Tensor[float64]{v: others[v]},
						Parameters:  map[string]string{"reference": in, "candidate": v},
						Explanation: fmt.Sprintf("%s reads %s in the reference, %s in the candidate", n.Name, in, v),
						Fix:         fmt.Sprintf("feed %s to %s", in, s.counterpartName(n.Layer.Kind())),
					})
				}
			}
		}
		return list
	},
}
