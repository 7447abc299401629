package align

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// unit is a layer as people count them. What a framework writes as several nodes (explicit padding, a convolution
// without its bias, the bias) is one unit; parts are its nodes in order.
type unit struct {
	kind    string
	parts   []*graph.Node
	whole   *graph.Node // that the parts were recognised as; nil for none
	inputs  []string    // with plumbing skipped
	output  string
	weights tensor.Any // of the part that has them; nil for none
}

// name is that of the part that gives the unit its kind.
func (u *unit) name() string { return u.main().Name }

func (u *unit) main() *graph.Node {
	if u.whole != nil {
		return u.whole
	}
	for _, n := range u.parts {
		if n.Layer.Kind() == u.kind {
			return n
		}
	}
	return u.parts[0]
}

// view is a graph as units.
type view struct {
	side      Side
	units     []*unit
	writers   map[string]*unit // by output value
	readers   map[string][]*unit
	producers map[string]*graph.Node
	consumers map[string][]*graph.Node
}

func newView(s Side) *view {
	v := &view{side: s, writers: map[string]*unit{}, readers: map[string][]*unit{},
		producers: s.Graph.Producers(), consumers: s.Graph.Consumers()}
	inside := map[*graph.Node]bool{}
	for i := len(s.Graph.Nodes) - 1; i >= 0; i-- { // from the end: the last node of an idiom decides
		if n := s.Graph.Nodes[i]; !inside[n] && !Plumbing(n) {
			v.units = append(v.units, v.unit(n, inside))
		}
	}
	for i, j := 0, len(v.units)-1; i < j; i, j = i+1, j-1 {
		v.units[i], v.units[j] = v.units[j], v.units[i]
	}
	for _, u := range v.units {
		v.writers[u.output] = u
		for _, in := range u.inputs {
			v.readers[in] = append(v.readers[in], u)
		}
	}
	return v
}

// Plumbing reports whether a node is one whose output holds the same numbers as its input.
func Plumbing(n *graph.Node) bool {
	switch n.Layer.(type) {
	case layer.Dropout, layer.Identity, layer.Reshape, layer.Permute:
		return len(n.Inputs) == 1
	}
	return false
}

// unit collects the idiom that ends in n: [Pad] Convolution|InnerProduct [Bias], [Pad] pool, or one that was recognised before.
func (v *view) unit(n *graph.Node, inside map[*graph.Node]bool) *unit {
	if n.Whole != nil && len(n.Whole.Outputs) == 1 {
		return v.whole(n, inside)
	}
	u := &unit{kind: n.Layer.Kind(), parts: []*graph.Node{n}, output: n.Outputs[0]}
	if prev := v.sole(n); u.kind == "Bias" && prev != nil && weighted(prev) && len(prev.Params) == 1 {
		u.kind, u.parts = prev.Layer.Kind(), []*graph.Node{prev, n}
	}
	if prev := v.sole(u.parts[0]); prev != nil && windowed(u.kind) {
		if _, ok := prev.Layer.(layer.Pad); ok {
			u.parts = append([]*graph.Node{prev}, u.parts...)
		}
	}
	for _, p := range u.parts {
		inside[p] = true
	}
	for _, in := range u.parts[0].Inputs {
		u.inputs = append(u.inputs, v.source(in))
	}
	if m := u.main(); len(m.Params) > 0 {
		u.weights = m.Params[0].Value
	}
	return u
}

// whole is the unit of an idiom that was taken apart.
func (v *view) whole(n *graph.Node, inside map[*graph.Node]bool) *unit {
	u := &unit{kind: n.Whole.Layer.Kind(), whole: n.Whole, output: n.Outputs[0]}
	for _, part := range n.Whole.Parts {
		own := v.producers[part.Outputs[0]] // the last one is a copy
		inside[own] = true
		u.parts = append(u.parts, own)
	}
	for _, in := range n.Whole.Inputs {
		u.inputs = append(u.inputs, v.source(in))
	}
	if len(n.Whole.Params) > 0 {
		u.weights = n.Whole.Params[0].Value
	}
	return u
}

func weighted(n *graph.Node) bool {
	k := n.Layer.Kind()
	return k == "Convolution" || k == "InnerProduct"
}

func windowed(kind string) bool {
	return kind == "Convolution" || kind == "MaxPool" || kind == "AveragePool"
}

// sole returns the node that writes n's first input if nothing else reads it.
func (v *view) sole(n *graph.Node) *graph.Node {
	if len(n.Inputs) != 1 || len(v.consumers[n.Inputs[0]]) != 1 {
		return nil
	}
	return v.producers[n.Inputs[0]]
}

// source follows a value back through plumbing to where its numbers come from.
func (v *view) source(value string) string {
	for n := v.producers[value]; n != nil && Plumbing(n); n = v.producers[value] {
		value = n.Inputs[0]
	}
	return value
}

// value finds a value by its own name or by that of the layer that writes it.
func (v *view) value(name string) (string, bool) {
	for _, n := range v.side.Graph.Nodes {
		if n.Name == name {
			return n.Outputs[0], true
		}
	}
	if alias, ok := v.side.Graph.Aliases[name]; ok {
		name = alias
	}
	_, ok := v.side.Shapes[name]
	return name, ok
}

func (v *view) names() []string {
	var list []string
	for _, n := range v.side.Graph.Nodes {
		list = append(list, n.Name)
	}
	return list
}
