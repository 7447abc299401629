package idiom

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// linear multiplies with a number and adds one, in any order.
func linear(f *finder, n *graph.Node) *match {
	if len(n.Outputs) != 1 || !arithmetic(n) {
		return nil
	}
	for _, x := range f.cuts(n.Outputs[0]) {
		e := f.expression(x)
		y, xs := e.of(n.Outputs[0]), e.leaf(x)
		if y.rank != xs.rank || e.idle(n) || !e.readsNumber(n) {
			continue
		}
		scale, shift, ok := readLine(y.polynomial, xs.single())
		if !ok {
			continue
		}
		parts := f.between([]string{x}, n.Outputs[0])
		if _, single := n.Layer.(layer.Power); single && operations(parts) < 2 {
			continue
		}
		return &match{
			last: n, layer: layer.Power{Power: 1, Scale: scale, Shift: shift}, inputs: []string{x}, parts: parts, differs: true,
			what: "a number times the input, and one more",
		}
	}
	return nil
}

// readsNumber reports whether a node has a number beside what it reads.
func (e *expression) readsNumber(n *graph.Node) bool {
	if _, power := n.Layer.(layer.Power); power {
		return true
	}
	for _, v := range n.Inputs {
		if _, number := e.of(v).constant(); number {
			return true
		}
	}
	return false
}

// readLine takes scale x + shift apart.
func readLine(y polynomial, x *atom) (scale, shift float64, ok bool) {
	var rest polynomial
	for _, t := range y {
		if len(t.factors) == 0 {
			shift = t.coefficient
			continue
		}
		rest = append(rest, t)
	}
	scale, ok = multiple(rest, x)
	return scale, shift, ok && scale != 0
}
