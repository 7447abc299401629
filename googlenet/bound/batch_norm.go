package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// batchNorm bounds y = (x - mean) / s with s = sqrt(variance + epsilon).
func batchNorm(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.BatchNorm)
	x, b := numbers(c.In[0], c.Err[0]), tensor.New[float64](c.Out[0].Shape...)
	for channel := range c.In[0].Shape[1] {
		n := c.batchNormal(l, channel)
		for at := range n.group.All() {
			b.Data[at] = n.output(x(at), c.Out[0].Data[at])
			if c.Producer.FoldsNorm && !l.Batch {
				b.Data[at] += n.folded(x(at))
			}
		}
	}
	return one(b)
}

// folded bounds what a producer that FoldsNorm is off more by, divided by the scale that follows. With a = scale / s, off by
// the relative error r of s and the rounding of the product with scale, a x and a mean are each off by (r + 2u) of themselves,
// not their difference; the difference bias - a mean is rounded to u (|a mean| + |bias|), of which layer.Scale has the
// second part.
func (n standard) folded(x num) float64 {
	r := n.s.e/math.Max(n.s.v-n.s.e, n.p.Tiny) + n.p.gamma(4)
	return r * (math.Abs(x.v) + x.e + math.Abs(n.mean.v) + n.mean.e) / n.s.v
}

// batchNormal bounds mean and divisor of a channel. Epsilon is added with one rounding; 1/sqrt is off by up to K_rsqrt u,
// which a square root, to be divided by, is too.
func (c *Call) batchNormal(l layer.BatchNorm, channel int) standard {
	u := c.Producer.U
	n := standard{group: l.Channel(c.In[0].Shape, channel), taken: l.Batch, p: c.Producer}
	var variance num
	least := 0.0
	if l.Batch {
		n.mean, variance, n.overflows = c.moments(n.group, 1)
		least = l.Epsilon * (1 - 2*u)
	} else {
		n.mean, variance = c.stored(0, channel), c.stored(1, channel)
	}
	n.s = variance.add(num{l.Epsilon, 0}, u).root(least)
	n.s.e += kRsqrt * u * (n.s.v + n.s.e)
	n.floor = math.Sqrt(least) * (1 - kRsqrt*u)
	return n
}

// stored is a statistic divided by the factor: Caffe rounds 1 / factor, and the product with it.
func (c *Call) stored(param, channel int) num {
	factor := c.Params[2].Data[0]
	if factor == 0 {
		return num{}
	}
	v, e := c.Params[param].Data[channel]/factor, atOrZero(c.paramError(param))(channel)/math.Abs(factor)
	if of := atOrZero(c.paramError(2))(0) / math.Abs(factor); of > 0 {
		e += (math.Abs(v) + e) * of / (1 - of)
	}
	return num{v, e + c.gamma(2)*(math.Abs(v)+e) + c.Producer.Tiny}
}

// batchNormGradient bounds dx = dy / s for stored statistics and what standard.gradient says for those of the batch.
func batchNormGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.BatchNorm)
	forward := c.forward()
	d, y := numbers(c.OutGrad[0], c.OutGradErr[0]), numbers(c.Out[0], c.OutErr[0])
	return c.input(func(to []float64) {
		for channel := range c.In[0].Shape[1] {
			n := forward.batchNormal(l, channel)
			if l.Batch {
				n.gradient(y, d, to)
				continue
			}
			for at := range n.group.All() {
				to[at] = n.over(d(at))
			}
		}
	})
}

// batchNormUpdate bounds Momentum S + the batch's mean, m/(m-1) variance or 1: a rounding of the product, of the sum, and for
// the variance of m/(m-1) and its product.
func batchNormUpdate(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.BatchNorm)
	bounds := make([]*tensor.Tensor[float64], len(c.Params))
	if !l.Batch {
		return bounds
	}
	for i, p := range c.Params {
		bounds[i] = tensor.New[float64](p.Shape...)
	}
	u := c.Producer.U
	follow := func(param, at int, batch num) {
		kept := num{c.Params[param].Data[at], 0}.mul(num{l.Momentum, 0}, u)
		bounds[param].Data[at] = kept.add(batch, u).e + c.Producer.Tiny
	}
	for channel := range c.In[0].Shape[1] {
		group := l.Channel(c.In[0].Shape, channel)
		mean, variance, _ := c.moments(group, 1)
		if m := float64(group.Len()); m > 1 {
			variance = variance.mul(num{m / (m - 1), u * m / (m - 1)}, u)
		}
		follow(0, channel, mean)
		follow(1, channel, variance)
	}
	follow(2, 0, num{1, 0})
	return bounds
}
