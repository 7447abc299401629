package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// clip brings no two values farther apart, and rounds its limits at most.
func clip(c *Call) []*tensor.Tensor[float64] {
	l, u := c.Layer.(layer.Clip), c.Producer.U
	rounding := max(constant(l.Min, u).e, constant(l.Max, u).e)
	if rounding == 0 {
		return passed(c)
	}
	return c.each(func(x num, _ float64) float64 { return x.e + rounding })
}

// clipGradient is exact but for the side of a limit, which is undecided where x is within e of it.
func clipGradient(c *GradientCall) GradientBounds {
	l, u := c.Layer.(layer.Clip), c.Producer.U
	return c.eachGradient(func(x, _, d num) (float64, bool) {
		if near(x, l.Min, u) || near(x, l.Max, u) {
			return either(d, num{}), true
		}
		return d.e, false
	})
}
