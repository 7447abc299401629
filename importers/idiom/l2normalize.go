package idiom

import (
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// l2Normalize is x/sqrt(max(sum x^2, epsilon)), or x over the larger of the root of the sum and a number.
func l2Normalize(f *finder, n *graph.Node) *match {
	return f.oneOf(n, func(y polynomial, x *atom) layer.Layer {
		if len(y) != 1 || y[0].coefficient != 1 || y[0].power(x) != 1 || len(y[0].factors) != 2 {
			return nil
		}
		rest := y[0].without(x).factors[0]
		if rest.power != -1 {
			return nil
		}
		sum, epsilon, ok := largerThan(of(rest.atom), rest.atom)
		root := ok
		if !ok && rest.function == "root" {
			sum, epsilon, ok = largerThan(rest.args[0], rest.args[0].single())
		}
		if !ok || epsilon < 0 {
			return nil
		}
		if root { // the number is compared with the root
			if epsilon *= epsilon; sum.single() == nil {
				return nil
			}
			if norm := sum.single(); norm.function == "root" {
				sum = norm.args[0]
			} else if norm.reduces(layer.ReduceNorm) {
				return normalizeAlong(norm, norm.args[0].equal(of(x)), x, epsilon)
			} else {
				return nil
			}
		}
		a := sum.single()
		if !a.reduces(layer.ReduceSum) {
			return nil
		}
		return normalizeAlong(a, a.args[0].equal(of(x).times(of(x))), x, epsilon)
	})
}

// normalizeAlong is the layer for a reduction, if that is one of x and its result is repeated along the axes that it goes over.
func normalizeAlong(a *atom, reducesX bool, x *atom, epsilon float64) layer.Layer {
	left := slices.DeleteFunc(slices.Clone(x.axes), func(axis int) bool { return slices.Contains(a.over, axis) })
	if !reducesX || !slices.Equal(a.axes, left) {
		return nil
	}
	return layer.L2Normalize{Axes: slices.Clone(a.over), Epsilon: epsilon}
}

// largerThan takes apart max(p, number), which a lower limit is too.
func largerThan(whole polynomial, a *atom) (p polynomial, least float64, ok bool) {
	if a == nil {
		return nil, 0, false
	}
	if p, lo, hi, clips := clipped(whole); clips && math.IsInf(hi, 1) {
		return p, lo, true
	}
	return nil, 0, false
}
