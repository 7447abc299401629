package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// elu: above zero by more than e the element passes with its error. Below, |slope| <= |Alpha| e^x; e^x - 1 is either taken
// from the exponential, with K_exp u of that and u of the difference, or computed as such, within K_expm1 u:
//
//	B = |Alpha| e^(x+e) e + |Alpha| (K_exp u e^(x+e) + K_expm1 u |e^(x-e) - 1|) + 2 u |y|
//
// with a rounding of Alpha and one of the product. In between the larger of the two slopes counts.
func elu(c *Call) []*tensor.Tensor[float64] {
	alpha, u := math.Abs(c.Layer.(layer.ELU).Alpha), c.Producer.U
	return c.each(func(x num, y float64) float64 {
		if x.v > x.e {
			return x.e
		}
		power := math.Exp(min(x.v+x.e, 0))
		slope := alpha * power
		if x.v > -x.e {
			slope = max(slope, 1)
		}
		rounding := alpha * (kExp*power - kExpm1*math.Expm1(min(x.v-x.e, 0)))
		return slope*x.e + u*(rounding+2*(math.Abs(y)+slope*x.e)) + c.Producer.Tiny
	})
}

// eluGradient bounds dy above zero and dy (Alpha + y) below; where x is within e of zero it may be either.
func eluGradient(c *GradientCall) GradientBounds {
	alpha, u := c.Layer.(layer.ELU).Alpha, c.Producer.U
	return c.eachGradient(func(x, y, d num) (float64, bool) {
		below := d.mul(constant(alpha, u).add(y, u), u)
		below.e += c.Producer.Tiny
		switch {
		case near(x, 0, 0):
			return either(d, below), true
		case x.v > 0:
			return d.e, false
		}
		return below.e, false
	})
}
