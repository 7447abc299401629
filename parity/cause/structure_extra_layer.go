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
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.Layer) []Fault {
			readers := p.Graph.Consumers()[n.Outputs[0]]
			if len(p.Shapes[n.Outputs[0]]) != 4 || len(readers) == 0 {
				return nil
			}
			var also []string
			for _, r := range readers {
				also = append(also, r.Name)
			}
			smoothed := layer.Window{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(1, 1)}
			var list []Fault
			for _, l := range []layer.Layer{
				layer.MaxPool{Pool: layer.Pool{Window: smoothed}}, layer.LRN{Size: 5, Alpha: 0.02, Beta: 0.75, K: 1}, layer.Power{Power: 1, Scale: 0.5},
			} {
				if !slices.ContainsFunc(append(readers, n), func(r *graph.Node) bool { return r.Layer.Kind() == l.Kind() }) {
					list = append(list, Fault{Layer: n.Name, Also: also, What: l.Kind(), Make: func(p *Port, _ float64) { p.insert(n.Name, l) }})
				}
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, extra := range s.extras() {
			if len(activations([]*graph.Node{extra})) > 0 {
				continue // that is act.extra
			}
			for _, n := range s.Nodes {
				for _, v := range s.inserted(n, extra) {
					v.Stated = s.hasMore() && !isProduct(extra)
					list = append(list, v)
				}
			}
		}
		return list
	},
}

// extras lists the candidate's layers in this place of a kind of which the reference has fewer here, except what only writes
// the reference's own layers in another way.
func (s *Segment) extras() []*graph.Node {
	if len(s.Nodes) == 1 && s.Nodes[0].Layer.Kind() != "Dropout" && !s.hasMore() {
		return nil // it stands in the reference's place
	}
	var list []*graph.Node
	for _, c := range s.Counterpart {
		if len(c.Inputs) != 1 || len(c.Outputs) != 1 || ofKind(s.Counterpart, c) <= ofKind(s.Nodes, c) {
			continue
		}
		if _, drops := c.Layer.(layer.Dropout); !drops && !manner(c) {
			list = append(list, c)
		}
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

// manner reports whether a layer is one that only writes others in another way, or has a cause of its own.
func manner(n *graph.Node) bool {
	switch n.Layer.(type) {
	case layer.Identity, layer.Reshape, layer.Permute, layer.Pad, layer.Bias, layer.Cast, layer.Unknown:
		return true
	}
	return false
}

// hasMore reports whether the candidate has more layers in this place than the reference.
func (s *Segment) hasMore() bool {
	count := func(nodes []*graph.Node) int {
		return len(slices.DeleteFunc(slices.Clone(nodes), manner))
	}
	return count(s.Counterpart) > count(s.Nodes)
}

// between reports whether a value passes from a layer of the segment to n and to nothing else.
func (s *Segment) between(value string, n *graph.Node) bool {
	writes := slices.ContainsFunc(s.Nodes, func(o *graph.Node) bool { return o.Outputs[0] == value })
	return writes && !slices.ContainsFunc(s.Nodes, func(o *graph.Node) bool { return o != n && slices.Contains(o.Inputs, value) })
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
		if s.between(in, n) {
			continue // that is behind the layer before
		}
		value := in + "#extra"
		before := &graph.Node{Name: n.Name + "#extra", Layer: extra.Layer, Params: extra.Params, Inputs: []string{in}, Outputs: []string{value}}
		changed := *n.As(n.Layer, n.Params)
		changed.Inputs = slices.Clone(n.Inputs)
		changed.Inputs[i] = value
		variant("before", s.With(n, before, &changed))
	}
	inner := *n.As(n.Layer, n.Params)
	inner.Outputs = slices.Clone(n.Outputs)
	inner.Outputs[0] += "#before"
	variant("behind", s.With(n, &inner, &graph.Node{Name: n.Name + "#extra", Layer: extra.Layer, Params: extra.Params, Inputs: inner.Outputs[:1], Outputs: n.Outputs[:1]}))
	return list
}

// isProduct reports whether a layer multiplies by one number, which other layers' settings may stand for.
func isProduct(n *graph.Node) bool {
	l, ok := n.Layer.(layer.Power)
	return ok && l.Power == 1 && l.Shift == 0
}
