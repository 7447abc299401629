package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// prelu: above zero by more than e the element passes with its error; below, it is scaled by the slope s, whose
// conversion and product round, and which may be off itself; in between the larger of the two slopes counts:
//
//	B = max(1, |s|) e + gamma_2 |s| (|x| + e)
func prelu(c *Call) []*tensor.Tensor[float64] {
	l, g, e := c.Layer.(layer.PReLU), c.gamma(2), c.inputError(0)
	b, off := tensor.New[float64](c.In[0].Shape...), atOrZero(c.paramError(0))
	l.EachPlane(c.In[0].Shape, c.Workers, func(lo, hi, at int) {
		s := math.Abs(c.Params[0].Data[at]) + off(at)
		for i := lo; i < hi; i++ {
			x, d := c.In[0].Data[i], e(i)
			if b.Data[i] = d; x > d {
				continue
			}
			if x < -d {
				b.Data[i] = s * d
			} else {
				b.Data[i] = max(1, s) * d
			}
			b.Data[i] += (g*s+off(at))*(math.Abs(x)+d) + c.Producer.Tiny
		}
	})
	return one(b)
}

// preluGradient bounds dy or s dy by the side of zero that x is on, either where that is undecided; and, for the slope,
// the sum of dy x over what may be on the lower side: the errors of both, n - 1 additions and a product.
func preluGradient(c *GradientCall) GradientBounds {
	out := c.none()
	l, u, g := c.Layer.(layer.PReLU), c.Producer.U, c.Producer.gamma(2)
	e, f := atOrZero(c.InErr[0]), atOrZero(c.OutGradErr[0])
	sum, bounds := make([]num, len(c.Params[0].Data)), tensor.New[float64](c.In[0].Shape...)
	n := len(bounds.Data) / max(len(sum), 1)
	l.EachPlane(c.In[0].Shape, 1, func(lo, hi, at int) {
		s := c.Params[0].Data[at]
		for i := lo; i < hi; i++ {
			x, d := num{c.In[0].Data[i], e(i)}, num{c.OutGrad[0].Data[i], f(i)}
			below := num{s * d.v, math.Abs(s)*d.e + g*math.Abs(s)*(math.Abs(d.v)+d.e) + c.Producer.Tiny}
			product := d.mul(x, u)
			switch {
			case near(x, 0, 0):
				out.Undecided++
				bounds.Data[i] = either(d, below)
				product.e += math.Abs(product.v)
			case x.v > 0:
				bounds.Data[i] = d.e
				continue
			default:
				bounds.Data[i] = below.e
			}
			sum[at].v += math.Abs(product.v)
			sum[at].e += product.e + c.Producer.Tiny
		}
	})
	out.In[0] = bounds
	out.Params[0] = tensor.New[float64](c.Params[0].Shape...)
	for i, s := range sum {
		out.Params[0].Data[i] = s.e + c.Producer.gamma(n-1)*(s.v+s.e)
	}
	return out
}
