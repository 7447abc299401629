package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// reduction bounds w sum t over n terms t = x, |x| or x^2: the errors of the terms, the rounding of a square, n-1 of the
// sum, and what weighted says.
func reduction(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.Reduction)
	x, n := numbers(c.In[0], c.Err[0]), c.In[0].Shape[l.Axis:].Len()
	b := tensor.New[float64](c.Out[0].Shape...)
	for i := range b.Data {
		var sum total
		for at := i * n; at < (i+1)*n; at++ {
			sum.add(c.Producer.term(l.Statistic, x(at)))
		}
		b.Data[i] = c.Producer.weighted(sum.sum(c.Producer), l.Weight(n)).e
	}
	return one(b)
}

func (p Producer) term(s layer.Statistic, x num) num {
	switch s {
	case layer.ReductionMagnitudes:
		x.v = math.Abs(x.v)
	case layer.ReductionSquares:
		x = x.mul(x, p.U)
		x.e += p.Tiny
	}
	return x
}

// weighted is a w for a rounded w: two roundings, none for 1 and -1.
func (p Producer) weighted(a num, w float64) num {
	if w == 1 || w == -1 {
		return num{w * a.v, a.e}
	}
	a = a.mul(num{w, p.U * math.Abs(w)}, p.U)
	a.e += p.Tiny
	return a
}

// reductionGradient bounds w dy, times the sign of x, which is open for an x within its error of 0, or times 2x.
func reductionGradient(c *GradientCall) GradientBounds {
	l, n := c.Layer.(layer.Reduction), c.In[0].Shape[c.Layer.(layer.Reduction).Axis:].Len()
	x, undecided := numbers(c.In[0], c.InErr[0]), 0
	out := c.input(func(to []float64) {
		for at := range to {
			share := c.Producer.weighted(c.outGradient(at/n), l.Weight(n))
			switch v := x(at); {
			case l.Statistic == layer.ReductionSquares:
				to[at] = 2*share.mul(v, c.Producer.U).e + c.Producer.Tiny
			case l.Statistic == layer.ReductionMagnitudes && v.e > 0 && math.Abs(v.v) <= v.e:
				to[at] = 2*math.Abs(share.v) + share.e
				undecided++
			case l.Statistic == layer.ReductionMagnitudes && v.v == 0:
				to[at] = 0
			default:
				to[at] = share.e
			}
		}
	})
	out.Undecided = undecided
	return out
}
