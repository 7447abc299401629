package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// stochasticPool bounds y = sum x^2 / sum x over n cells: squares and sums round by gamma_(n+1) sum x^2 and gamma_n sum |x|,
// inputs off by e change them by sum (2|x|e + e^2) and sum e, and the quotient rounds once. Where the sum may be zero the
// quotient may be anything; where it is surely not positive the result is 0.
func stochasticPool(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.StochasticPool)
	x, e := c.In[0].Data, c.inputError(0)
	b := tensor.New[float64](c.Out[0].Shape...)
	l.EachCell(c.In[0].Shape, c.Out[0].Shape, c.Workers, func(cell int, eachIn func(func(at int))) {
		var sum, squares num
		size, sizeSquared, n := 0.0, 0.0, 0
		eachIn(func(at int) {
			v, d := math.Abs(x[at]), e(at)
			sum.v += x[at]
			sum.e += d
			squares.v += v * v
			squares.e += d * (2*v + d)
			size += v + d
			sizeSquared += (v + d) * (v + d)
			n++
		})
		sum.e += c.gamma(n) * size
		squares.e += c.gamma(n+1)*sizeSquared + float64(n)*c.Producer.Tiny
		if sum.v <= -sum.e {
			return
		}
		b.Data[cell] = squares.div(sum, c.Producer.U).e + c.Producer.Tiny
	})
	return one(b)
}
