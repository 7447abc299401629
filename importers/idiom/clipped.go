package idiom

import (
	"math"

	"parity/googlenet/layer"
)

// clipped takes apart what is kept between two numbers, in one operation or by maximum and minimum: min(max(q, lo), hi). A limit that
// there is not is infinite.
func clipped(p polynomial) (q polynomial, lo, hi float64, ok bool) {
	lo, hi = math.Inf(-1), math.Inf(1)
	for a := p.single(); a != nil; a = q.single() {
		inner, least, most, clips := limited(a)
		if !clips {
			break
		}
		q, ok = inner, true
		if lo, hi = max(lo, min(least, hi)), min(hi, max(most, lo)); lo > hi {
			return nil, 0, 0, false
		}
	}
	return q, lo, hi, ok
}

// limited is the same for one operation.
func limited(a *atom) (q polynomial, lo, hi float64, ok bool) {
	lo, hi = math.Inf(-1), math.Inf(1)
	if a.node == nil || len(a.args) == 0 {
		return nil, 0, 0, false
	}
	switch l := a.node.Layer.(type) {
	case layer.Clip:
		return a.args[0], l.Min, l.Max, l.Min <= l.Max
	case layer.ReLU:
		return a.args[0], 0, hi, l.Slope == 0
	}
	for i, arg := range a.args {
		c, constant := arg.constant()
		if len(a.args) != 2 || !constant {
			continue
		}
		switch a.function {
		case string(layer.Larger):
			return a.args[1-i], c, hi, true
		case string(layer.Smaller):
			return a.args[1-i], lo, c, true
		}
	}
	return nil, 0, 0, false
}
