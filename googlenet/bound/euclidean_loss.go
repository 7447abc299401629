package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// euclideanLoss bounds sum (a - b)^2 / (2 N): each difference is off by the errors of both and one rounding, its square rounds
// once, the sum for each square, and the quotient. Halving is exact.
func euclideanLoss(c *Call) []*tensor.Tensor[float64] {
	p := c.Producer
	s := squares(c.In, c.Err, layer.Classes{Outer: 1, Count: len(c.In[0].Data), Inner: 1}, 0, p)
	return scalar(s.over(exactly(c.In[0].Shape[0]), p).e / 2)
}

// squares bounds the sum of the squared differences of the first two inputs over a row.
func squares(in, e []*tensor.Tensor[float64], rows layer.Classes, row int, p Producer) num {
	var s sum
	for k := range rows.Count {
		d := difference(in, e, rows.At(row, k), p.U)
		s.add(d.mul(d, 0))
	}
	return s.rounded(rows.Count, p)
}

func difference(in, e []*tensor.Tensor[float64], at int, u float64) num {
	return num{in[0].Data[at], atOrZero(e[0])(at)}.sub(num{in[1].Data[at], atOrZero(e[1])(at)}, u)
}

// euclideanLossGradient bounds dy (a - b) / N and its negative: a rounding of the difference, of the quotient and of the
// product.
func euclideanLossGradient(c *GradientCall) GradientBounds {
	scale := c.lossScale(exactly(c.In[0].Shape[0]))
	return c.opposed(func(at int) num { return difference(c.In, c.InErr, at, c.Producer.U).mul(scale, c.Producer.U) })
}

// opposed are the bounds of a gradient of the first input that is, negated, that of the second.
func (c *GradientCall) opposed(value func(at int) num) GradientBounds {
	out := c.none()
	out.In[0], out.In[1] = tensor.New[float64](c.In[0].Shape...), tensor.New[float64](c.In[1].Shape...)
	for i := range out.In[0].Data {
		e := value(i).e + c.Producer.Tiny
		out.In[0].Data[i], out.In[1].Data[i] = e, e
	}
	return out
}
