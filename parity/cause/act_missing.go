package cause

import "fmt"

var actMissing = &Cause{
	ID:      "act.missing",
	Title:   "an activation function is missing",
	Symptom: "The candidate has values that the reference's activation would have changed, negative ones behind a ReLU; those that pass unchanged are exact.",
	Why:     "It was lost when layers were fused or written by hand, or the tensor was recorded before it.",
	Fix: Fixes{
		Caffe: "add the layer, as in layer { type: \"ReLU\" }", TensorFlow: "tf.nn.relu(x)", Keras: "Activation('relu') or the argument activation",
		PyTorch: "nn.ReLU()", ONNX: "a Relu node",
	},
	Break: func(p *Port) []Fault {
		var list []Fault
		for _, n := range activations(p.Graph.Nodes) {
			list = append(list, Fault{Layer: n.Name, What: n.Layer.Kind(), Make: func(p *Port, _ float64) { p.remove(n.Name) }})
		}
		return list
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.activations() {
			list = append(list, Variant{
				Nodes: s.without(n), Layer: n,
				Parameters:  map[string]string{"reference": n.Layer.Kind(), "candidate": "none"},
				Explanation: fmt.Sprintf("the reference has a %s here, the candidate none", n.Layer.Kind()),
				Fix:         fmt.Sprintf("add a %s behind %s", n.Layer.Kind(), s.counterpartName("")),
			})
		}
		return list
	},
}
