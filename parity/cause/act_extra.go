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
			if _, is := n.Layer.(layer.ReLU); is || len(n.Outputs) != 1 {
				continue
			}
			inner := *n
			inner.Outputs = []string{n.Outputs[0] + "#before"}
			extra := &graph.Node{Name: n.Name + "#extra", Layer: layer.ReLU{}, Inputs: inner.Outputs, Outputs: n.Outputs}
			list = append(list, Variant{
				Nodes: s.With(n, &inner, extra), Layer: n,
				Parameters:  map[string]string{"reference": "none", "candidate": "ReLU"},
				Explanation: fmt.Sprintf("the candidate applies a ReLU to what %s computes, the reference does not", n.Name),
				Fix:         fmt.Sprintf("remove the ReLU behind %s", s.counterpartName(n.Layer.Kind())),
			})
		}
		return list
	},
}
