package cause

import (
	"fmt"

	"parity/googlenet/layer"
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
		for _, n := range s.activations() {
			for _, l := range []layer.Layer{
				layer.ReLU{}, layer.ELU{Alpha: 1}, layer.Tanh{}, layer.Sigmoid{}, layer.Softplus{}, layer.Swish{Beta: 1}, layer.Abs{},
			} {
				if l.Kind() == n.Layer.Kind() {
					continue
				}
				list = append(list, Variant{
					Nodes: s.WithLayer(n, l), Layer: n, Parameters: map[string]string{"reference": n.Layer.Kind(), "candidate": l.Kind()},
					Explanation: fmt.Sprintf("the activation is %s in the reference, %s in the candidate", n.Layer.Kind(), l.Kind()),
					Fix:         fmt.Sprintf("apply %s instead of %s at %s", n.Layer.Kind(), l.Kind(), s.counterpartName(l.Kind())),
				})
			}
		}
		return list
	},
}
