package cause

import (
	"fmt"

	"parity/googlenet/layer"
)

var structureMissingLayer = &Cause{
	ID:      "structure.missing-layer",
	Title:   "a layer of the reference is missing in the candidate",
	Symptom: "The layer after it is wrong, on inputs that agree.",
	Why:     "Ports leave out what their framework lacks (local response normalisation) or what seems to have no effect.",
	Fix: Fixes{
		Caffe: "add the layer", TensorFlow: "add the operation", Keras: "add the layer", PyTorch: "add the module", ONNX: "add the node",
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			switch n.Layer.(type) {
			case layer.Identity, layer.Dropout, layer.Reshape, layer.ReLU, layer.Softmax, layer.Scale, layer.BatchNorm:
				continue // these pass through, or have causes of their own
			}
			if len(n.Inputs) != 1 || len(n.Outputs) != 1 || !s.shape(n.Inputs[0]).Equal(s.shape(n.Outputs[0])) {
				continue
			}
			list = append(list, Variant{
				Nodes: s.without(n), Layer: n, Parameters: map[string]string{"reference": n.Layer.Kind(), "candidate": "none"},
				Explanation: fmt.Sprintf("the candidate does not have the reference's %s (%s)", n.Name, n.Layer.Kind()),
				Fix:         fmt.Sprintf("add the %s before %s", n.Layer.Kind(), s.counterpartName("")),
			})
		}
		return list
	},
}
