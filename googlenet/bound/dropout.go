package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// dropout bounds x mask / (1 - Ratio): a difference and a quotient for the factor, and its product; the product with the
// mask is exact but for what the mask itself is off. Inactive, the layer moves its input.
func dropout(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.Dropout)
	if !l.Active {
		return passed(c)
	}
	return one(kept(l, c.In, c.Err, c.Producer))
}

func dropoutGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Dropout)
	out := c.none()
	if !l.Active {
		out.In[0] = c.OutGradErr[0]
		return out
	}
	in := []*tensor.Tensor[float64]{c.OutGrad[0], c.In[1]}
	out.In[0] = kept(l, in, []*tensor.Tensor[float64]{c.OutGradErr[0], c.InErr[1]}, c.Producer)
	return out
}

// kept bounds the first input times the mask over 1 - Ratio.
func kept(l layer.Dropout, in, errs []*tensor.Tensor[float64], p Producer) *tensor.Tensor[float64] {
	factor, g := math.Abs(l.Factor()), p.gamma(3)
	ex, mask := atOrZero(errs[0]), keptAt(l, in[1], errs[1], p)
	b := tensor.New[float64](in[0].Shape...)
	for i, x := range in[0].Data {
		y := num{x, ex(i)}.mul(mask(i), 0)
		b.Data[i] = factor*(y.e+g*(math.Abs(y.v)+y.e)) + p.Tiny
		if y.v == 0 && y.e == 0 {
			b.Data[i] = 0 // dropped
		}
	}
	return b
}

// keptAt is the mask, where it is drawn from numbers with either outcome for those that may lie on either side of Ratio.
func keptAt(l layer.Dropout, mask, e *tensor.Tensor[float64], p Producer) func(at int) num {
	drawn := numbers(mask, e)
	if !l.Uniform {
		return drawn
	}
	return func(at int) num {
		u := drawn(at)
		m := num{}
		if u.v >= l.Ratio {
			m.v = 1
		}
		if near(u, l.Ratio, p.U) {
			m.e = 1
		}
		return m
	}
}
