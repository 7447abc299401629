package cause

import (
	"fmt"
)

var actKind = &Cause{
	ID:      "act.kind",
	Title:   "the activation is another function",
	Symptom: "Positive values agree or nearly do, negative ones follow another curve; tanh and sigmoid also bend the large ones.",
	Why:     "A port took its framework's favourite (ELU, swish, tanh) for the original's, or a converter maps an activation that it does not know to ReLU.",
	Fix: Fixes{
		Caffe: "the type of the layer", TensorFlow: "the function: tf.nn.relu, tf.nn.elu, tf.tanh, tf.sigmoid", Keras: "the argument activation",
		PyTorch: "the module: nn.ReLU, nn.ELU, nn.Tanh, nn.Sigmoid", ONNX: "the node's operator",
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range append(s.activations(), s.softmaxes()...) {
			for _, a := range otherActivations(n) {
				list = append(list, Variant{
					Nodes: s.inPlaceOf(n, a), Layer: n, Parameters: map[string]string{"reference": n.Layer.Kind(), "candidate": a.name},
					Explanation: fmt.Sprintf("the activation is %s in the reference, %s in the candidate", n.Layer.Kind(), a.name),
					Fix:         fmt.Sprintf("apply %s instead of %s at %s", n.Layer.Kind(), a.name, s.counterpartName(a.nodes[len(a.nodes)-1].Layer.Kind())),
				})
			}
		}
		return list
	},
}
