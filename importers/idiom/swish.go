package idiom

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// swish is x times the logistic function of beta x, in one operation or as 1/(1 + e^(-beta x)).
func swish(f *finder, n *graph.Node) *match {
	return f.oneOf(n, func(y polynomial, x *atom) layer.Layer {
		if len(y) != 1 || y[0].coefficient != 1 || y[0].power(x) != 1 || len(y[0].factors) != 2 {
			return nil
		}
		argument, ok := logistic(y[0].without(x).factors[0])
		if !ok {
			return nil
		}
		beta, ok := multiple(argument, x)
		if !ok || beta == 0 {
			return nil
		}
		return layer.Swish{Beta: beta}
	})
}

// logistic is the argument of the logistic function that a factor is.
func logistic(f factor) (polynomial, bool) {
	if f.power == 1 && f.node != nil && len(f.args) == 1 {
		_, is := f.node.Layer.(layer.Sigmoid)
		return f.args[0], is
	}
	if f.power != -1 || f.function != "whole" {
		return nil, false
	}
	e := f.args[0].minus(number(1)).single()
	if e == nil || e.function != "exp" {
		return nil, false
	}
	return e.args[0].scaled(-1), true
}

// multiple reports whether a polynomial is a number times x, which may be 0, and which.
func multiple(p polynomial, x *atom) (by float64, ok bool) {
	if len(p) == 0 {
		return 0, true
	}
	if len(p) != 1 || len(p[0].factors) != 1 || p[0].power(x) != 1 {
		return 0, false
	}
	return p[0].coefficient, true
}
