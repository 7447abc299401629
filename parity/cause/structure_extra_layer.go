package cause

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var structureExtraLayer = &Cause{
	ID:      "structure.extra-layer",
	Title:   "the candidate has a layer that the reference lacks",
	Symptom: "The layer is wrong on inputs that agree, and right once the candidate's extra layer is put before or behind it.",
	Why:     "A module was copied with its normalisation, or a pool or a scaling was added where another version of the network has one.",
	Fix: Fixes{
		Caffe: "remove the layer", TensorFlow: "remove the operation", Keras: "remove the layer", PyTorch: "remove the module", ONNX: "remove the node",
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, extra := range s.extras() {
			for _, n := range s.Nodes {
				list = append(list, s.inserted(n, extra)...)
			}
		}
		return list
	},
}

// extras lists the candidate's layers in this place of a kind of which the reference has fewer here, except what only writes
// the reference's own layers in another way.
func (s *Segment) extras() []*graph.Node {
	var list []*graph.Node
	for _, c := range s.Counterpart {
		if len(c.Inputs) != 1 || len(c.Outputs) != 1 || ofKind(s.Counterpart, c) <= ofKind(s.Nodes, c) {
			continue
		}
		switch c.Layer.(type) {
		case layer.Identity, layer.Reshape, layer.Permute, layer.Pad, layer.Bias, layer.Unknown:
			continue
		}
		list = append(list, c)
	}
	return list
}

// ofKind counts the nodes of the same kind as one.
func ofKind(nodes []*graph.Node, as *graph.Node) int {
	n := 0
	for _, other := range nodes {
		if other.Layer.Kind() == as.Layer.Kind() {
			n++
		}
	}
	return n
}

// inserted puts an extra layer before each input of n, and behind it.
func (s *Segment) inserted(n, extra *graph.Node) []Variant {
	var list []Variant
	of := extra.Layer.Kind()
	if extra.Name != of {
		of += " (" + extra.Name + ")"
	}
	variant := func(where string, nodes []*graph.Node) {
		list = append(list, Variant{
			Nodes: nodes, Layer: n, Parameters: map[string]string{"reference": "none", "candidate": extra.Layer.Kind()},
			Explanation: fmt.Sprintf("the candidate has a %s %s %s, the reference none", of, where, n.Name),
			Fix:         fmt.Sprintf("remove %s", extra.Name),
		})
	}
	for i, in := range n.Inputs {
		value := in + "#extra"
		before := &graph.Node{Name: n.Name + "#extra", Layer: extra.Layer, Params: extra.Params, Inputs: []string{in}, Outputs: []string{value}}
		changed := *n.As(n.Layer, n.Params)
		changed.Inputs = slices.Clone(n.Inputs)
		changed.Inputs[i] = value
		variant("before", s.With(n, before, &changed))
	}
	if len(n.Outputs) == 1 {
		inner := *n.As(n.Layer, n.Params)
		inner.Outputs = []string{n.Outputs[0] + "#before"}
		variant("behind", s.With(n, &inner, &graph.Node{Name: n.Name + "#extra", Layer: extra.Layer, Params: extra.Params, Inputs: inner.Outputs, Outputs: n.Outputs}))
	}
	return list
}
