package cause

import (
	"fmt"
	"maps"
	"slices"

	"parity/googlenet/graph"
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
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.Layer) []Fault {
			var list []Fault
			for i, in := range n.Inputs {
				for _, other := range p.Graph.Nodes {
					if other == n {
						break
					}
					v := other.Outputs[0]
					if slices.Contains(n.Inputs, v) || !p.Shapes[v].Equal(p.Shapes[in]) {
						continue
					}
					list = append(list, Fault{Layer: n.Name, What: v + " for " + in, Make: func(p *Port, _ float64) {
						to := p.Graph.Node(n.Name)
						to.Inputs = slices.Clone(to.Inputs)
						to.Inputs[i] = v
					}})
				}
			}
			return list
		})
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
					if slices.Contains(n.Inputs, v) || s.skips(in, v) || s.Inputs[in] != nil && slices.Equal(others[v].Data, s.Inputs[in].Data) {
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

// skips reports whether to read v in the place of a value is to leave out a layer of which the candidate has no tensor. As long as
// nothing shows that it has the layer, the layer is missing.
func (s *Segment) skips(value, v string) bool {
	for _, n := range s.Nodes {
		if slices.Contains(n.Outputs, value) && len(n.Inputs) == 1 {
			return !s.vouched(n) && (s.source(n.Inputs[0]) == s.source(v) || s.skips(n.Inputs[0], v))
		}
	}
	return false
}

// source follows a value of the reference back through what passes numbers on.
func (s *Segment) source(value string) string {
	for {
		n := s.Reference.Producers()[value]
		if n == nil || len(n.Inputs) != 1 {
			return value
		}
		switch l := n.Layer.(type) {
		case layer.Identity, layer.Reshape:
		case layer.Dropout:
			if l.Active {
				return value
			}
		default:
			return value
		}
		value = n.Inputs[0]
	}
}
