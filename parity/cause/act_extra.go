package cause

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var actExtra = &Cause{
	ID:      "act.extra",
	Title:   "the candidate has an activation function that the reference lacks",
	Symptom: "The candidate has no negative values where the reference has some; positive ones are exact.",
	Why:     "A library's layer has an activation by default, or the one of the next layer was applied twice in another place.",
	Fix: Fixes{
		Caffe: "remove the layer", TensorFlow: "remove tf.nn.relu", Keras: "activation=None", PyTorch: "remove the module", ONNX: "remove the node",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.Layer) []Fault {
			readers := p.Graph.Consumers()[n.Outputs[0]]
			if len(readers) != 1 || len(activations(append(readers, n))) > 0 {
				return nil
			}
			var list []Fault
			for _, l := range []layer.Layer{layer.ReLU{}, layer.Clip{Max: 6}, layer.Tanh{}, layer.Sigmoid{}} {
				list = append(list, Fault{Layer: n.Name, Also: []string{readers[0].Name}, What: l.Kind(), Make: func(p *Port, _ float64) { p.insert(n.Name, l) }})
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		known := activations(s.extras())
		if len(activations(s.Counterpart)) <= len(s.activations()) {
			known = nil // they stand for the reference's own
		}
		for _, extra := range append(known, usualActivations()...) {
			for _, n := range s.Nodes {
				for _, v := range s.inserted(n, extra) {
					v.Parameters["candidate"] = extra.Layer.Kind()
					v.Fix = fmt.Sprintf("remove the %s at %s", extra.Layer.Kind(), s.counterpartName(extra.Layer.Kind()))
					v.Stated = slices.Contains(known, extra)
					list = append(list, v)
				}
			}
		}
		return list
	},
}

// usualActivations are those that people add.
func usualActivations() []*graph.Node {
	var list []*graph.Node
	for _, l := range []layer.Layer{layer.ReLU{}, layer.Clip{Max: 6}, layer.Tanh{}, layer.Sigmoid{}} {
		list = append(list, &graph.Node{Name: l.Kind(), Layer: l, Inputs: []string{""}, Outputs: []string{""}})
	}
	return list
}
