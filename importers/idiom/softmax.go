package idiom

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// softmax is e^(x - m) over its own sum along an axis, with m the largest x along that axis. Without m it is not the same function
// for large x.
func softmax(f *finder, n *graph.Node) *match {
	return f.oneOf(n, func(y polynomial, x *atom) layer.Layer {
		if len(y) != 1 || y[0].coefficient != 1 || len(y[0].factors) != 2 {
			return nil
		}
		e, power := y[0].find("exp")
		if e == nil || power != 1 {
			return nil
		}
		sum := y[0].without(e).factors[0]
		if sum.power != -1 || !sum.reduces(layer.ReduceSum) || len(sum.over) != 1 || !sum.args[0].equal(of(e)) {
			return nil
		}
		axis := sum.over[0]
		if !keptAround(sum.atom, x) || !shiftedByMaximum(e.args[0], x, axis) {
			return nil
		}
		return layer.Softmax{Axis: axis}
	})
}

// keptAround reports whether a reduction is repeated along the axis of x that it goes over.
func keptAround(a, x *atom) bool {
	return slices.Equal(a.axes, slices.DeleteFunc(slices.Clone(x.axes), func(axis int) bool { return slices.Contains(a.over, axis) }))
}

// shiftedByMaximum reports whether a polynomial is x less its maximum along an axis. Gradients may stop at that.
func shiftedByMaximum(p polynomial, x *atom, axis int) bool {
	most := of(x).minus(p).single()
	if most != nil && most.function == "stop" {
		most = most.args[0].single()
	}
	return most.reduces(layer.ReduceMax) && slices.Equal(most.over, []int{axis}) && most.args[0].equal(of(x)) && keptAround(most, x)
}
