package bound

import (
	"math"

	"parity/googlenet/tensor"
)

// softplus bounds max(x, 0) + ln(1 + E), E = e^-|x|. The exponential comes with K_exp u E; the sum 1 + E and the logarithm
// are off by w and K_log w ln(1 + E) in the arithmetic w that they are computed in: in absolute terms, for x far below zero
// this is more than the result. The last sum rounds. An error e of x counts by the slope, at most s(x + e):
//
//	B = s(x+e) e + K_exp u E + w (2 + K_log ln(1 + E)) + u y,  E = e^-max(|x| - e, 0)
//
// Who does not compute that in double precision may write ln(1 + e^x) at once for any x, as TensorFlow and PyTorch do: the
// exponential counts by K_exp u s(x) then, and the logarithm is off by K_log1p u y.
func softplus(c *Call) []*tensor.Tensor[float64] {
	u, w := c.Producer.U, c.Producer.inside()
	return c.each(func(x num, y float64) float64 {
		shift := x.e / (1 + math.Exp(-x.v-x.e))
		power := math.Exp(-max(math.Abs(x.v)-x.e, 0))
		if !c.Producer.Double {
			slope := 1 / (1 + math.Exp(-x.v-x.e))
			return shift + u*(kExp*slope+2+(kLog1p+1)*(y+shift)) + c.Producer.Tiny
		}
		return shift + kExp*u*power + w*(2+kLog*math.Log1p(power)) + u*(y+shift) + c.Producer.Tiny
	})
}

// softplusGradient bounds dy s(x).
func softplusGradient(c *GradientCall) GradientBounds {
	u := c.Producer.U
	return c.eachGradient(func(x, _, d num) (float64, bool) {
		return d.mul(logistic(x, c.Producer), u).e + c.Producer.Tiny, false
	})
}
