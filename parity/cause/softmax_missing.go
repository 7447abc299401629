package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var softmaxMissing = &Cause{
	ID:      "softmax.missing",
	Title:   "one side has probabilities, the other scores",
	Symptom: "The candidate's outputs do not add up to 1; the order of the classes agrees.",
	Why:     "PyTorch's and many TensorFlow networks end in scores, because their losses contain the softmax; deploy networks of Caffe end in a Softmax layer.",
	Fix: Fixes{
		Caffe: "layer { type: \"Softmax\" }", TensorFlow: "tf.nn.softmax(logits)", Keras: "Activation('softmax')", PyTorch: "torch.softmax(x, dim=1)", ONNX: "a Softmax node",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.Softmax) []Fault {
			return []Fault{{Layer: n.Name, Make: func(p *Port, _ float64) { p.remove(n.Name) }}}
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			if _, ok := n.Layer.(layer.Softmax); ok {
				list = append(list, Variant{
					Nodes: s.without(n), Layer: n,
					Parameters:  map[string]string{"reference": "probabilities", "candidate": "scores"},
					Explanation: "the reference's output is a softmax, the candidate's the scores before it",
				})
			}
		}
		return list
	},
}
