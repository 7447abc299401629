package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// power bounds z^p, z = t + s x. Where it does not depend on x it is one power of a constant.
func power(c *Call) []*tensor.Tensor[float64] {
	l, p := c.Layer.(layer.Power), c.Producer
	switch {
	case l.Power == 0:
		return one(nil)
	case l.Constant():
		return c.each(func(_ num, y float64) float64 { return p.kPow()*p.U*math.Abs(y) + p.Tiny })
	case l.Power == 1 && l.Scale == 1 && l.Shift == 0:
		return passed(c)
	}
	return c.each(func(x num, _ float64) float64 {
		z := affine(x, l.Scale, l.Shift, p)
		if l.Power == 1 {
			return z.e
		}
		return signedPower(z, l.Power, p) + p.Tiny
	})
}

// signedPower bounds the error of z^p for a z of any sign: by the relative error where that of z is below 1. Else z may be
// zero, which a negative power turns to infinity; a positive one is then somewhere within the largest z.
func signedPower(z num, p float64, by Producer) float64 {
	size := num{math.Abs(z.v), z.e}
	switch {
	case size.v > size.e:
		return size.pow(p, by).e
	case p < 0:
		return math.Inf(1)
	}
	largest := math.Pow(size.v+size.e, p)
	return math.Pow(size.v, p) + largest*(1+by.kPow()*by.U)
}

// powerGradient bounds the quotients and products of layer.Power's backward pass, by cases as there.
func powerGradient(c *GradientCall) GradientBounds {
	l, p, u := c.Layer.(layer.Power), c.Producer, c.Producer.U
	if l.Constant() {
		return c.none()
	}
	exponent, scale := constant(l.Power, u), constant(l.Scale, u)
	factor := exponent.mul(scale, u)
	slope := func(x, y num) num {
		switch {
		case l.Power == 1:
			return factor
		case l.Power == 2:
			return x.mul(factor.mul(scale, u), u).add(factor.mul(constant(l.Shift, u), u), u)
		case l.Shift == 0:
			return y.div(x, u).mul(exponent, u)
		}
		return y.div(affine(x, l.Scale, l.Shift, p), u).mul(factor, u)
	}
	return c.eachGradient(func(x, y, d num) (float64, bool) {
		s := slope(x, y)
		s.e += p.Tiny
		return d.mul(s, u).e + p.Tiny, false
	})
}
