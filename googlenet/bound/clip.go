package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// clip brings no two values farther apart; where a value may be beyond a limit, that may have been rounded.
func clip(c *Call) []*tensor.Tensor[float64] {
	l, u := c.Layer.(layer.Clip), c.Producer.U
	least, most := constant(l.Min, u), constant(l.Max, u)
	if least.e == 0 && most.e == 0 {
		return passed(c)
	}
	return c.each(func(x num, _ float64) float64 {
		e := x.e
		if x.v-x.e <= least.v+least.e {
			e += least.e
		}
		if x.v+x.e >= most.v-most.e {
			e += most.e
		}
		return e
	})
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
