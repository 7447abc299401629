package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// averagePoolND is a dot product with weights 1/n, as averagePool.
func averagePoolND(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.AveragePoolND)
	n := tensor.Shape(l.Kernel).Len()
	b := c.run(l, []*tensor.Tensor[float64]{c.spread(c.gamma(n + 2))}, nil)[0]
	for i := range b.Data {
		b.Data[i] += float64(n) * c.Producer.Tiny
	}
	return one(b)
}

func averagePoolNDGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.AveragePoolND)
	return c.products(l, l.MostAtACell()+1, nil)
}

// maxPoolND: the largest of numbers moves by no more than the largest error among them.
func maxPoolND(c *Call) []*tensor.Tensor[float64] {
	if c.Err[0] == nil {
		return one(nil)
	}
	b := c.run(c.Layer, []*tensor.Tensor[float64]{c.Err[0]}, nil)
	for i, v := range b[0].Data {
		b[0].Data[i] = max(v, 0) // a window outside the map has no error
	}
	return b
}

// maxPoolNDGradient: the gradient of a window may go to any cell that may hold the largest value; those that meet in a cell are added.
func maxPoolNDGradient(c *GradientCall) GradientBounds {
	l, undecided := c.Layer.(layer.MaxPoolND), 0
	x, e, d := c.In[0], errorOf(c.InErr[0], c.In[0]), numbers(c.OutGrad[0], c.OutGradErr[0])
	b := c.input(func(to []float64) {
		sums := make([]total, len(to))
		l.EachWindow(x.Shape, c.Out[0].Shape, 1, func(cell, plane int, reach []int) {
			best, where := layer.LargestOf(x.Data[plane:], reach)
			if where < 0 {
				return
			}
			v, open := d(cell), false
			for _, at := range reach {
				off := 0.0
				if at >= 0 {
					off = e.Data[plane+at] + e.Data[plane+where]
				}
				if at >= 0 && at != where && off > 0 && x.Data[plane+at]+off >= best {
					sums[plane+at].add(num{0, math.Abs(v.v) + v.e})
					open = true
				}
			}
			if open {
				undecided++
				v.e += math.Abs(v.v)
			}
			sums[plane+where].add(v)
		})
		for i := range to {
			to[i] = sums[i].sum(c.Producer).e
		}
	})
	b.Undecided = undecided
	return b
}
