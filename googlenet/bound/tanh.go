package bound

import (
	"math"

	"parity/googlenet/tensor"
)

// tanh: its slope 1 - tanh^2 is largest at the point nearest to zero, m = max(|x| - e, 0); it comes within K_tanh u:
//
//	B = e / cosh^2 m + K_tanh u (|y| + e / cosh^2 m)
func tanh(c *Call) []*tensor.Tensor[float64] {
	return c.each(func(x num, y float64) float64 {
		cosh := math.Cosh(max(math.Abs(x.v)-x.e, 0))
		shift := x.e / cosh / cosh
		return shift + kTanh*c.Producer.U*(math.Abs(y)+shift) + c.Producer.Tiny
	})
}

// tanhGradient bounds dy (1 - y^2).
func tanhGradient(c *GradientCall) GradientBounds {
	u := c.Producer.U
	return c.eachGradient(func(_, y, d num) (float64, bool) {
		return d.mul(num{1, 0}.sub(y.mul(y, u), u), u).e + 2*c.Producer.Tiny, false
	})
}
