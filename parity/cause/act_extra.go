package cause

import (
	"fmt"

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
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			for _, l := range []layer.Layer{layer.ReLU{}, layer.Clip{Max: 6}, layer.Tanh{}, layer.Sigmoid{}} {
				extra := &graph.Node{Name: l.Kind(), Layer: l, Inputs: []string{""}, Outputs: []string{""}}
				for _, v := range s.inserted(n, extra) {
					v.Parameters["candidate"] = l.Kind()
					v.Fix = fmt.Sprintf("remove the %s at %s", l.Kind(), s.counterpartName(l.Kind()))
					list = append(list, v)
				}
			}
		}
		return list
	},
}
