package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// embed moves the rows of its weights, and with a bias rounds one sum. Where the index is not certain any row that it may
// point to is admitted.
func embed(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.Embed)
	b := tensor.New[float64](c.Out[0].Shape...)
	vectorsOf(l, c.In[0], c.Err[0]).widen(b, c.Params[0], nil)
	if l.Bias {
		for i, y := range c.Out[0].Data {
			b.Data[i] += c.Producer.U*(math.Abs(y)+b.Data[i]) + c.Producer.Tiny
		}
	}
	return one(b)
}

func vectorsOf(l layer.Embed, index, e *tensor.Tensor[float64]) lookup {
	return lookup{l.Inputs, l.Outputs, index, e}
}

// embedGradient adds up the gradients of all outputs that show a row, and for the bias those of all.
func embedGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Embed)
	rows := vectorsOf(l, c.In[0], c.InErr[0])
	n := rows.most()
	d := []*tensor.Tensor[float64]{magnitude(c.OutGrad[0], c.OutGradErr[0])}
	rounding := c.back(l, c.In, c.Params, d)
	e := c.back(l, c.In, c.Params, c.outGradErrors())
	out := GradientBounds{In: rounding.InGrad, Params: e.ParamGrad}
	for i, terms := range []int{n, len(c.In[0].Data)}[:len(out.Params)] {
		if out.Params[i] != nil {
			addScaled(out.Params[i], c.Producer.gamma(max(terms-1, 0)), rounding.ParamGrad[i])
		}
	}
	if out.Params[0] != nil {
		out.Undecided = rows.widenSums(out.Params[0], c.OutGrad[0], c.OutGradErr[0], c.Producer.gamma(max(n-1, 0)))
	}
	return out
}

func addScaled(to *tensor.Tensor[float64], a float64, x *tensor.Tensor[float64]) {
	for i, v := range x.Data {
		to.Data[i] += a * v
	}
}
