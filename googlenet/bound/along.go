package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// bias is one addition.
func bias(c *Call) []*tensor.Tensor[float64] {
	return c.sumAlong(c.Layer.(layer.Bias).Along(c.In[0]), numbers(c.Params[0], c.paramError(0)))
}

// addAlong is one addition.
func addAlong(c *Call) []*tensor.Tensor[float64] {
	return c.sumAlong(c.Layer.(layer.AddAlong).Along(c.In[0], c.In[1]), numbers(c.In[1], c.Err[1]))
}

func (c *Call) sumAlong(a layer.Along, b func(of int) num) []*tensor.Tensor[float64] {
	return c.alongInput(a, func(x num, of int) num { return x.add(b(of), c.Producer.U) })
}

// scale is a product, and with a bias an addition; that of a producer that FoldsNorm may have been rounded before, see
// standard.folded.
func scale(c *Call) []*tensor.Tensor[float64] {
	l, u := c.Layer.(layer.Scale), c.Producer.U
	factor, offset := numbers(c.Params[0], c.paramError(0)), func(int) num { return num{} }
	if l.Bias {
		offset = numbers(c.Params[1], c.paramError(1))
	}
	return c.alongInput(l.Along(c.In[0]), func(x num, of int) num {
		y := x.mul(factor(of), u)
		if l.Bias {
			y = y.add(offset(of), u)
			if c.Producer.FoldsNorm {
				y.e += u * math.Abs(c.Params[1].Data[of])
			}
		}
		return y
	})
}

// scaleAlong is a product.
func scaleAlong(c *Call) []*tensor.Tensor[float64] {
	factor := numbers(c.In[1], c.Err[1])
	return c.alongInput(c.Layer.(layer.ScaleAlong).Along(c.In[0], c.In[1]), func(x num, of int) num {
		return x.mul(factor(of), c.Producer.U)
	})
}

// alongInput bounds f of every element of the first input and the index of what it meets.
func (c *Call) alongInput(a layer.Along, f func(x num, of int) num) []*tensor.Tensor[float64] {
	x, b := numbers(c.In[0], c.Err[0]), tensor.New[float64](c.Out[0].Shape...)
	for at := range b.Data {
		b.Data[at] = f(x(at), a.Of(at)).e + c.Producer.Tiny
	}
	return one(b)
}

// biasGradient: dx = dy, db = sum dy.
func biasGradient(c *GradientCall) GradientBounds {
	out := c.none()
	out.In[0] = c.OutGradErr[0]
	out.Params[0] = c.sumsAlong(c.Layer.(layer.Bias).Along(c.In[0]), c.Params[0].Shape, c.outGradient)
	return out
}

func addAlongGradient(c *GradientCall) GradientBounds {
	out := c.none()
	out.In[0] = c.OutGradErr[0]
	out.In[1] = c.sumsAlong(c.Layer.(layer.AddAlong).Along(c.In[0], c.In[1]), c.In[1].Shape, c.outGradient)
	return out
}

// scaleGradient: dx = s dy, ds = sum x dy, db = sum dy.
func scaleGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Scale)
	out, a := c.none(), l.Along(c.In[0])
	out.In[0] = c.productsAlong(a, numbers(c.Params[0], nil))
	out.Params[0] = c.sumsAlong(a, c.Params[0].Shape, c.weighted)
	if l.Bias {
		out.Params[1] = c.sumsAlong(a, c.Params[1].Shape, c.outGradient)
	}
	return out
}

func scaleAlongGradient(c *GradientCall) GradientBounds {
	out, a := c.none(), c.Layer.(layer.ScaleAlong).Along(c.In[0], c.In[1])
	out.In[0] = c.productsAlong(a, numbers(c.In[1], c.InErr[1]))
	out.In[1] = c.sumsAlong(a, c.In[1].Shape, c.weighted)
	return out
}

func (c *GradientCall) outGradient(at int) num {
	return numberAt(c.OutGrad[0], c.OutGradErr[0], at)
}

// weighted is x dy.
func (c *GradientCall) weighted(at int) num {
	p := numberAt(c.In[0], c.InErr[0], at).mul(c.outGradient(at), c.Producer.U)
	p.e += c.Producer.Tiny
	return p
}

// productsAlong bounds s dy.
func (c *GradientCall) productsAlong(a layer.Along, s func(of int) num) *tensor.Tensor[float64] {
	b := tensor.New[float64](c.In[0].Shape...)
	for at := range b.Data {
		b.Data[at] = c.outGradient(at).mul(s(a.Of(at)), c.Producer.U).e + c.Producer.Tiny
	}
	return b
}

// sumsAlong bounds the sums of f over the elements that meet each element of a tensor.
func (c *GradientCall) sumsAlong(a layer.Along, shape tensor.Shape, f func(at int) num) *tensor.Tensor[float64] {
	sums := make([]total, a.Len)
	for at := range c.OutGrad[0].Data {
		sums[a.Of(at)].add(f(at))
	}
	b := tensor.New[float64](shape...)
	for i := range sums {
		b.Data[i] = sums[i].sum(c.Producer).e
	}
	return b
}
