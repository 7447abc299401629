package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// reluGradient: where x is within e of the kink either slope is admitted.
func reluGradient(c *GradientCall) GradientBounds {
	s := c.Layer.(layer.ReLU).Slope
	e, f := atOrZero(c.InErr[0]), atOrZero(c.OutGradErr[0])
	out := c.none()
	b := tensor.New[float64](c.In[0].Shape...)
	for i, x := range c.In[0].Data {
		d := math.Abs(c.OutGrad[0].Data[i])
		switch {
		case e(i) > 0 && math.Abs(x) <= e(i):
			b.Data[i] = math.Abs(1-s)*d + max(1, math.Abs(s))*f(i) + c.Producer.U*math.Abs(s)*(d+f(i)) + c.Producer.Tiny
			out.Undecided++
		case x > 0:
			b.Data[i] = f(i)
		case s != 0:
			b.Data[i] = math.Abs(s)*f(i) + c.Producer.U*math.Abs(s)*(d+f(i)) + c.Producer.Tiny
		}
	}
	out.In[0] = b
	return out
}

// maxPoolGradient: a window whose largest value has rivals within both errors may send its gradient to any of them.
// The gradients of several windows that meet in a cell are added.
func maxPoolGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.MaxPool)
	plain := l
	plain.Mask = false
	outGrad := []*tensor.Tensor[float64]{abs(c.OutGrad[0])}
	sums := c.back(plain, c.In, nil, outGrad).InGrad[0]
	n := 1
	if !l.Global {
		n = l.MostAtACell()
	}
	if l.Spill {
		n += c.Out[0].Shape[2:].Len() // any number of windows may end up in one cell
	}
	g := c.Producer.gamma(n - 1)
	out := c.none()
	b := tensor.New[float64](c.In[0].Shape...)
	for i, v := range sums.Data {
		b.Data[i] = g * v
	}
	out.In[0] = b
	f := atOrZero(c.OutGradErr[0])
	e := errorOf(c.InErr[0], c.In[0])
	area, outArea := c.In[0].Shape[2:].Len(), c.Out[0].Shape[2:].Len()
	l.EachChoice(c.In[0], e, 1, func(cell int, rivals []int) {
		d := math.Abs(c.OutGrad[0].Data[cell])
		for _, at := range rivals {
			to := cell/outArea*area + at
			b.Data[to] += (1 + g) * f(cell)
			if len(rivals) > 1 && e.Data[to] > 0 {
				b.Data[to] += (1 + g) * d
			}
		}
		if len(rivals) > 1 {
			out.Undecided++
		}
	})
	return out
}
