package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// exp bounds b^(t + s x), as f e^(s' x) with s' = s ln b and f = b^t (Caffe), or as one exponential of (t + s x) ln b.
//
// The logarithm comes with K_log u and the exponent's products and sum round, three times at most, which the exponential
// turns into a relative error; it adds K_exp u itself, f K_pow u and the product u:
//
//	B = |y| (exp(|s'| e + (K_log + 3) u (|s x| + |t|) |ln b|) (1 + gamma_(K_exp + K_pow + 1)) - 1)
//
// What underflows loses tiny, times f. Where f or e^(s' x) alone exceeds the largest number the result may be anything.
func exp(c *Call) []*tensor.Tensor[float64] {
	l, p := c.Layer.(layer.Exp), c.Producer
	inner, outer := l.Factors()
	lnBase := 1.0
	if l.Scale != 0 {
		lnBase = math.Abs(inner / l.Scale)
	}
	rounding := math.Log1p(c.gamma(kExp + int(p.kPow()) + 1))
	return c.each(func(x num, y float64) float64 {
		size := (math.Abs(l.Scale)*(math.Abs(x.v)+x.e) + math.Abs(l.Shift)) * lnBase
		if !(max(math.Exp(inner*x.v+math.Abs(inner)*x.e), outer) < p.Max) {
			return math.Inf(1)
		}
		return y*math.Expm1(math.Abs(inner)*x.e+(kLog+3)*p.U*size+rounding) + p.Tiny*(1+outer)
	})
}

// expGradient bounds y dy s ln b: two products, and K_log + 1 roundings of the constant.
func expGradient(c *GradientCall) GradientBounds {
	inner, _ := c.Layer.(layer.Exp).Factors()
	u := c.Producer.U
	factor := num{inner, (kLog + 1) * u * math.Abs(inner)}
	return c.eachGradient(func(_, y, d num) (float64, bool) {
		return y.mul(d, u).mul(factor, u).e + c.Producer.Tiny*(1+math.Abs(inner)), false
	})
}
