package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// spatialLRN bounds y = x s^-beta, s = 1 + alpha sum x^2 over a window of n cells, as lrn does. Caffe (lrn_layer.cpp) builds it
// of layers: a power with exponent 2 (K_pow u), an average pool (n-1 additions, a division), a power that multiplies by
// alpha and adds 1 (two roundings) and then has the exponent -beta, and a product.
func spatialLRN(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.SpatialLRN)
	scale, off := c.spatialScale(l)
	return one(c.normalised(scale, off, l.Beta, 1))
}

// spatialScale returns s and how far a producer's may be off: alpha sum (2|x|e + e^2) for the inputs, and gamma_(n+5) of s for
// the roundings, where alpha / n may be a rounded constant.
func (c *Call) spatialScale(l layer.SpatialLRN) (scale, off *tensor.Tensor[float64]) {
	x, e := c.In[0].Data, c.inputError(0)
	scale, off = tensor.New[float64](c.In[0].Shape...), tensor.New[float64](c.In[0].Shape...)
	g := c.gamma(l.Size*l.Size + int(c.Producer.kPow()) + 2)
	l.EachWindow(c.In[0].Shape, c.Workers, func(at int, window layer.Group) {
		sum, shift := 0.0, 0.0
		for k := range window.All() {
			sum += x[k] * x[k]
			shift += e(k) * (2*math.Abs(x[k]) + e(k))
		}
		scale.Data[at] = 1 + l.Alpha*sum
		off.Data[at] = math.Abs(l.Alpha)*shift + g*(1+math.Abs(l.Alpha)*(sum+shift)) + c.Producer.Tiny
	})
	return scale, off
}

// spatialLRNGradient bounds
//
//	dx = dy s^-Beta - 2 Alpha Beta x sum (dy y / s)
//
// Caffe goes back through its layers: for a cell of the window dy x, times s^-beta / s, times a rounded -beta alpha, divided by
// n, summed up, times 2x, added to dy s^-beta. That is three roundings more than of y / s and the product with dy, five for
// the factor and its products, the sum's and one of the difference.
func spatialLRNGradient(c *GradientCall) GradientBounds {
	l, u := c.Layer.(layer.SpatialLRN), c.Producer.U
	scale, off := c.forward().spatialScale(l)
	x, y := numbers(c.In[0], c.InErr[0]), numbers(c.Out[0], c.OutErr[0])
	shares, direct := make([]num, len(scale.Data)), make([]num, len(scale.Data))
	for at := range shares {
		s := num{scale.Data[at], off.Data[at]}
		power := s.pow(-l.Beta, c.Producer)
		product := y(at)
		product.e = max(product.e, x(at).mul(power, u).e)
		direct[at] = c.outGradient(at).mul(power, u)
		shares[at] = c.outGradient(at).mul(product, u).div(s, u)
		shares[at].e += c.Producer.Tiny
	}
	factor := num{2 * l.Alpha * l.Beta, 5 * u * math.Abs(2*l.Alpha*l.Beta)}
	return c.input(func(to []float64) {
		l.EachWindow(c.In[0].Shape, 1, func(at int, window layer.Group) {
			var sum total
			for k := range window.All() {
				sum.add(shares[k])
			}
			term := factor.mul(x(at), u).mul(sum.sum(c.Producer), u)
			to[at] = direct[at].sub(term, u).e + 3*c.Producer.Tiny
		})
	})
}
