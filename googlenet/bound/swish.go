package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// swish bounds x s(Beta x), s the logistic function: a product before it and one after.
func swish(c *Call) []*tensor.Tensor[float64] {
	beta, p := c.Layer.(layer.Swish).Beta, c.Producer
	return c.each(func(x num, _ float64) float64 {
		return x.mul(logistic(affine(x, beta, 0, p), p), p.U).e + p.Tiny
	})
}

// swishGradient bounds dy (Beta y + s (1 - Beta y)).
func swishGradient(c *GradientCall) GradientBounds {
	beta, p, u := c.Layer.(layer.Swish).Beta, c.Producer, c.Producer.U
	return c.eachGradient(func(x, y, d num) (float64, bool) {
		s := logistic(affine(x, beta, 0, p), p)
		by := affine(y, beta, 0, p)
		slope := by.add(s.mul(num{1, 0}.sub(by, u), u), u)
		slope.e += p.Tiny
		return d.mul(slope, u).e + p.Tiny, false
	})
}
