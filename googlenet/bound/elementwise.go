package bound

import (
	"math"

	"parity/googlenet/tensor"
)

// each bounds an elementwise operation: f is the bound for an input and an output. Infinities and NaN come out of exact
// inputs as such; from others anything may.
func (c *Call) each(f func(x num, y float64) float64) []*tensor.Tensor[float64] {
	e := c.inputError(0)
	b := tensor.New[float64](c.Out[0].Shape...)
	for i, y := range c.Out[0].Data {
		x := num{c.In[0].Data[i], e(i)}
		b.Data[i] = settled(y, x.e, func() float64 { return f(x, y) })
	}
	return one(b)
}

// eachGradient bounds the gradient of an elementwise operation: f is the bound for an input, an output and its gradient,
// and whether the choice of a side lies within the error.
func (c *GradientCall) eachGradient(f func(x, y, d num) (bound float64, undecided bool)) GradientBounds {
	out := c.none()
	if c.InGrad[0] == nil {
		return out
	}
	ex, ey, ed := atOrZero(c.InErr[0]), atOrZero(c.OutErr[0]), atOrZero(c.OutGradErr[0])
	b := tensor.New[float64](c.In[0].Shape...)
	for i, result := range c.InGrad[0].Data {
		x, y, d := num{c.In[0].Data[i], ex(i)}, num{c.Out[0].Data[i], ey(i)}, num{c.OutGrad[0].Data[i], ed(i)}
		b.Data[i] = settled(result, x.e+d.e, func() float64 {
			e, undecided := f(x, y, d)
			if undecided {
				out.Undecided++
			}
			return e
		})
	}
	out.In[0] = b
	return out
}

// settled is the bound of a result that is finite. One that is not is exact if what went in is, and else unknown, as is a
// bound that is no number.
func settled(result, inputError float64, bound func() float64) float64 {
	if result-result != 0 {
		if inputError == 0 {
			return 0
		}
		return math.Inf(1)
	}
	if b := bound(); b >= 0 {
		return b
	}
	return math.Inf(1)
}

// either bounds a result that is a or b, where which of the two is undecided.
func either(a, b num) float64 { return math.Abs(a.v-b.v) + a.e + b.e }

// constant is a setting of a layer, which a producer may have to round: in float32, or that and the replay's float64, one that float32
// has is exact, and in any arithmetic infinity.
func constant(v, u float64) num {
	if v == float64(float32(v)) && u <= U32+U64 || math.IsInf(v, 0) {
		return num{v, 0}
	}
	return num{v, u * math.Abs(v)}
}

// near reports whether the side of a limit that x is on lies within the errors of both.
func near(x num, limit, u float64) bool {
	e := x.e + constant(limit, u).e
	return e > 0 && math.Abs(x.v-limit) <= e
}

// affine is shift + scale x. A scale of 1 and a shift of 0 do not round.
func affine(x num, scale, shift float64, p Producer) num {
	z := x
	if scale != 1 {
		z = x.mul(constant(scale, p.U), p.U)
		z.e += p.Tiny
	}
	if shift != 0 {
		z = z.add(constant(shift, p.U), p.U)
	}
	return z
}
