package cause

import (
	"fmt"

	"parity/googlenet/graph"
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
	Break: func(p *Port) []Fault {
		var list []Fault
		for _, n := range activations(p.Graph.Nodes) {
			for _, l := range []layer.Layer{layer.ReLU{}, layer.ELU{Alpha: 1}, layer.Tanh{}, layer.Sigmoid{}, layer.Softplus{}, layer.Swish{Beta: 1}} {
				if l.Kind() != n.Layer.Kind() && !(l.Kind() == "ReLU" && n.Layer.Kind() == "Clip") {
					list = append(list, Fault{Layer: n.Name, What: l.Kind(), Make: func(p *Port, _ float64) {
						n := p.Graph.Node(n.Name)
						n.Layer, n.Params = l, nil
					}})
				}
			}
		}
		return list
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range append(s.activations(), s.softmaxes()...) {
			for _, a := range append(s.ownActivations(n), otherActivations(n)...) {
				list = append(list, Variant{
					Nodes: s.inPlaceOf(n, a), Layer: n, Stated: a.stated,
					Parameters:  map[string]string{"reference": n.Layer.Kind(), "candidate": a.name},
					Explanation: fmt.Sprintf("the activation is %s in the reference, %s in the candidate", n.Layer.Kind(), a.name),
					Fix:         fmt.Sprintf("apply %s instead of %s at %s", n.Layer.Kind(), a.name, s.counterpartName(a.nodes[len(a.nodes)-1].Layer.Kind())),
				})
			}
		}
		return list
	},
}

// ownActivations are those of the candidate's graph that stand in the place of n.
func (s *Segment) ownActivations(n *graph.Node) []activation {
	var list []activation
	own := activations(s.Counterpart)
	for _, c := range own {
		if c.Layer.Kind() != n.Layer.Kind() && !clips(c.Layer, n.Layer) && len(own) == len(s.activations()) {
			list = append(list, activation{name: c.Layer.Kind(), nodes: []*graph.Node{{Name: "y", Layer: c.Layer, Params: c.Params, Inputs: []string{"x"}, Outputs: []string{"y"}}}, stated: true})
		}
	}
	return list
}

// clips reports whether two activations differ in a limit alone: that is act.clip.
func clips(a, b layer.Layer) bool {
	kinds := a.Kind() + b.Kind()
	return kinds == "ClipReLU" || kinds == "ReLUClip"
}
