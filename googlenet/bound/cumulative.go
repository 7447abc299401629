package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// cumulative: n numbers make n-1 roundings, in any order.
func cumulative(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.Cumulative)
	b := tensor.New[float64](c.Out[0].Shape...)
	sums := cumulativeSums(l, c.In[0].Shape, numbers(c.In[0], c.Err[0]), c.Producer)
	if l.Product {
		sums = cumulativeProducts(l, c.In[0].Shape, numbers(c.In[0], c.Err[0]), c.Producer)
	}
	for i := range b.Data {
		b.Data[i] = sums[i].e
	}
	return one(b)
}

func cumulativeSums(l layer.Cumulative, shape tensor.Shape, x func(at int) num, p Producer) []num {
	sums := make([]num, shape.Len())
	eachCumulative(l, shape, func() func(at int) {
		var before total
		return func(at int) {
			t := before
			t.add(x(at))
			if sums[at] = t.sum(p); l.Exclusive {
				sums[at] = before.sum(p)
			}
			before = t
		}
	})
	return sums
}

// cumulativeProducts carries the product of the magnitudes with their errors along: the error of the product is what that exceeds the
// product of the magnitudes by, and the roundings.
func cumulativeProducts(l layer.Cumulative, shape tensor.Shape, x func(at int) num, p Producer) []num {
	products := make([]num, shape.Len())
	eachCumulative(l, shape, func() func(at int) {
		v, most, n := 1.0, 1.0, 0
		set := func(at int) {
			g := p.gamma(max(n-1, 0))
			products[at] = num{v, (most - math.Abs(v)) + g*most + float64(max(n-1, 0))*p.Tiny*max(1, most)}
		}
		return func(at int) {
			if l.Exclusive {
				set(at)
			}
			a := x(at)
			v, most, n = v*a.v, most*(math.Abs(a.v)+a.e), n+1
			if !l.Exclusive {
				set(at)
			}
		}
	})
	return products
}

// eachCumulative calls, for every row, what begin returns with the offsets in the order of summation.
func eachCumulative(l layer.Cumulative, shape tensor.Shape, begin func() func(at int)) {
	rows := layer.ClassesOf(shape, l.Axis)
	for row := range rows.Rows() {
		l.Each(rows, row, begin())
	}
}

// cumulativeGradient bounds the sums of the gradients, of products times those and divided by the number.
func cumulativeGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Cumulative)
	d, p := numbers(c.OutGrad[0], c.OutGradErr[0]), c.Producer
	if !l.Product {
		return c.input(func(to []float64) {
			for i, s := range cumulativeSums(l.Back(), c.In[0].Shape, d, p) {
				to[i] = s.e
			}
		})
	}
	x, y := numbers(c.In[0], c.InErr[0]), numbers(c.Out[0], c.OutErr[0])
	return c.input(func(to []float64) {
		sums := cumulativeSums(l.Back(), c.In[0].Shape, func(at int) num { return d(at).times(y(at), p) }, p)
		for i, s := range sums {
			to[i] = safeQuotient(s, x(i), 0, p)
		}
	})
}
