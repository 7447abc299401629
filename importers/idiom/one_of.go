package idiom

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// oneOf finds a layer that a node's output is of one of the values before it, where read tells that from the output as a polynomial
// and the value as an atom.
func (f *finder) oneOf(n *graph.Node, read func(y polynomial, x *atom) layer.Layer) *match {
	if len(n.Outputs) != 1 || !lookedInto(n) || passesOn(n) {
		return nil
	}
	for _, x := range f.cuts(n.Outputs[0]) {
		e := f.expression(x)
		y, xs := e.of(n.Outputs[0]), e.leaf(x)
		if y.rank != xs.rank || e.idle(n) {
			continue
		}
		l := read(y.polynomial, xs.single())
		if l == nil {
			continue
		}
		parts := f.between([]string{x}, n.Outputs[0])
		if operations(parts) < 2 {
			continue
		}
		return &match{last: n, layer: l, inputs: []string{x}, parts: parts, differs: true, what: "one layer in single operations"}
	}
	return nil
}

// idle reports whether a node passes one of its inputs on: a product with 1 or a sum with 0 belongs to what reads it, or to nothing.
func (e *expression) idle(n *graph.Node) bool {
	y := e.of(n.Outputs[0])
	for _, v := range n.Inputs {
		if in := e.of(v); in.rank == y.rank && in.equal(y.polynomial) {
			return true
		}
	}
	return false
}

// operations counts the nodes that compute something.
func operations(list []*graph.Node) int {
	count := 0
	for _, n := range list {
		if _, constant := n.Layer.(layer.Constant); !constant && !passesOn(n) {
			count++
		}
	}
	return count
}

// passesOn reports whether a node's output holds the numbers of its input.
func passesOn(n *graph.Node) bool {
	switch n.Layer.(type) {
	case layer.Identity, layer.Reshape, layer.Permute, layer.Cast, layer.Broadcast:
		return true
	}
	return false
}
