package idiom

import "parity/googlenet/layer"

// sides are the two straight lines that a function of x consists of, by what x is multiplied with above 0 and below: numbers
// and weights.
type sides struct{ above, below polynomial }

// readSides states a polynomial that way, where each of its terms has one factor that is such a function: x, a rectifier or
// magnitude of a multiple of it, the larger or smaller of two multiples, or a choice by its sign.
func readSides(y polynomial, x *atom) (s sides, ok bool) {
	for _, t := range y {
		kink, rest := -1, polynomial{{coefficient: t.coefficient}}
		for i, f := range t.factors {
			if f.function == "" && f.key != x.key && (f.param != nil || f.absent) {
				rest = rest.times(polynomial{{1, []factor{f}}})
				continue
			}
			if kink >= 0 || f.power != 1 {
				return s, false
			}
			kink = i
		}
		if kink < 0 {
			return s, false
		}
		k, ok := kinked(t.factors[kink].atom, x)
		if !ok {
			return s, false
		}
		s.above, s.below = s.above.plus(rest.times(k.above)), s.below.plus(rest.times(k.below))
	}
	return s, true
}

// kinked are the sides of a function with a kink at 0.
func kinked(a, x *atom) (sides, bool) {
	if a.key == x.key {
		return sides{number(1), number(1)}, true
	}
	if a.node == nil || len(a.args) == 0 || len(a.args) != len(a.node.Inputs) { // a second factor may be a number
		return sides{}, false
	}
	switch l := a.node.Layer.(type) {
	case layer.ReLU:
		k, ok := multiple(a.args[0], x)
		positive, negative := max(k, 0), min(k, 0)
		return sides{number(positive + l.Slope*negative), number(negative + l.Slope*positive)}, ok
	case layer.Abs:
		k, ok := multiple(a.args[0], x)
		return sides{number(max(k, -k)), number(-max(k, -k))}, ok
	case layer.Binary:
		return extreme(l.Operation, a.args, x)
	case layer.Select:
		return chosen(a.args, x)
	}
	return sides{}, false
}

// extreme is the larger or smaller of two multiples of x.
func extreme(op layer.Operation, args []polynomial, x *atom) (sides, bool) {
	a, isA := multiple(args[0], x)
	b, isB := multiple(args[1], x)
	switch {
	case !isA || !isB:
		return sides{}, false
	case op == layer.Larger:
		return sides{number(max(a, b)), number(min(a, b))}, true
	case op == layer.Smaller:
		return sides{number(min(a, b)), number(max(a, b))}, true
	}
	return sides{}, false
}

// chosen is a choice between two functions by the sign of x.
func chosen(args []polynomial, x *atom) (sides, bool) {
	condition := args[0].single()
	if condition == nil || condition.node == nil || len(condition.args) != 2 {
		return sides{}, false
	}
	compare, ok := condition.node.Layer.(layer.Binary)
	by, compares := multiple(condition.args[0], x)
	zero, constant := condition.args[1].constant()
	if !ok || !compares || by <= 0 || !constant || zero != 0 {
		return sides{}, false
	}
	above, below := args[1], args[2]
	switch compare.Operation {
	case layer.Less, layer.LessEqual:
		above, below = below, above
	case layer.Greater, layer.GreaterEqual:
	default:
		return sides{}, false
	}
	right, ok := readSides(above, x)
	left, also := readSides(below, x)
	return sides{right.above, left.below}, ok && also
}
