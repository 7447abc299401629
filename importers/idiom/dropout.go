package idiom

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// dropout multiplies x with a number where a number drawn from [0, 1) is large enough, else with 0. TensorFlow writes that as
// x/keep floor(keep + u), and later by a comparison with the rate that is selected by, or multiplied with.
func dropout(f *finder, n *graph.Node) *match {
	if len(n.Outputs) != 1 || !lookedInto(n) {
		return nil
	}
	for _, x := range f.cuts(n.Outputs[0]) {
		e := f.expression(x)
		y, xs := e.of(n.Outputs[0]), e.leaf(x)
		if y.rank != xs.rank || e.idle(n) {
			continue
		}
		d, ok := readDropout(y.polynomial, xs.single())
		if !ok || d.scale <= 0 || !f.drawn[d.drawn] || !meets(f.shapes[d.drawn], f.shapes[x]) {
			continue
		}
		return f.dropoutOf(n, x, d)
	}
	return nil
}

// dropping is what a dropout consists of.
type dropping struct {
	drawn       string // the value that is compared
	rate, scale float64
}

func (f *finder) dropoutOf(n *graph.Node, x string, d dropping) *match {
	m := &match{last: n, inputs: []string{x, d.drawn}, parts: f.between([]string{x}, n.Outputs[0]), differs: true, what: "dropout in single operations"}
	l := layer.Dropout{Ratio: d.rate, Active: true, Uniform: true, Scale: d.scale}
	switch {
	case d.rate <= 0 && d.scale == 1: // nothing is dropped
		l, m.inputs = layer.Dropout{}, m.inputs[:1]
	case d.rate < 0 || d.rate >= 1:
		return nil
	}
	m.layer = l
	return m
}

func readDropout(y polynomial, x *atom) (dropping, bool) {
	if a := y.single(); a != nil && a.function == "select" {
		if zero, constant := a.args[2].constant(); !constant || zero != 0 {
			return dropping{}, false
		}
		scale, ok := multiple(a.args[1], x)
		drawn, rate, is := atLeast(a.args[0].single())
		return dropping{drawn, rate, scale}, ok && is
	}
	if len(y) != 1 || len(y[0].factors) != 2 || y[0].power(x) != 1 {
		return dropping{}, false
	}
	mask := y[0].without(x).factors[0]
	if mask.power != 1 {
		return dropping{}, false
	}
	drawn, rate, ok := atLeast(mask.atom)
	return dropping{drawn, rate, y[0].coefficient}, ok
}

// atLeast takes u >= rate apart, which is 1 or 0, and floor(u + keep), which comes to the same with a rate of 1 - keep.
func atLeast(a *atom) (drawn string, rate float64, ok bool) {
	switch {
	case a == nil:
		return "", 0, false
	case a.function == string(layer.GreaterEqual):
		u := a.args[0].single()
		rate, constant := a.args[1].constant()
		if u == nil || !constant {
			return "", 0, false
		}
		return u.value, rate, true
	case a.function != string(layer.Floor):
		return "", 0, false
	}
	keep := 0.0
	for _, t := range a.args[0] {
		if len(t.factors) == 0 {
			keep = t.coefficient
		}
	}
	u := a.args[0].minus(number(keep)).single()
	if u == nil || keep <= 0 || keep > 1 {
		return "", 0, false
	}
	return u.value, 1 - keep, true
}
