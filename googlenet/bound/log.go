package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// log bounds ln(z) / ln(b), z = t + s x: z is off by e_z, the errors of x and of its own roundings, which the
// logarithm turns into at most -ln(1 - e_z / z); it adds K_log u itself, the constant 1 / ln(b) K_log + 1 roundings and the
// product one. Where z may be zero the result may be anything.
func log(c *Call) []*tensor.Tensor[float64] {
	l, u := c.Layer.(layer.Log), c.Producer.U
	factor := inverseLog(l, u)
	return c.each(func(x num, _ float64) float64 {
		z := affine(x, l.Scale, l.Shift, c.Producer)
		if !(z.v > z.e) {
			return math.Inf(1)
		}
		v := math.Log(z.v)
		shift := -math.Log1p(-z.e / z.v)
		y := num{v, shift + kLog*u*(math.Abs(v)+shift)}
		return y.mul(factor, u).e
	})
}

// logGradient bounds dy s / (z ln b).
func logGradient(c *GradientCall) GradientBounds {
	l, u := c.Layer.(layer.Log), c.Producer.U
	factor := inverseLog(l, u).mul(constant(l.Scale, u), u)
	return c.eachGradient(func(x, _, d num) (float64, bool) {
		z := affine(x, l.Scale, l.Shift, c.Producer)
		inverse := num{1, 0}.div(z, kPow*u) // as a power of -1 in Caffe
		inverse.e += c.Producer.Tiny
		return d.mul(inverse.mul(factor, u), u).e + c.Producer.Tiny, false
	})
}

// inverseLog is 1 / ln(b), exactly 1 for e.
func inverseLog(l layer.Log, u float64) num {
	v := 1 / l.LnBase()
	if v == 1 {
		return num{1, 0}
	}
	return num{v, (kLog + 2) * u * math.Abs(v)}
}
