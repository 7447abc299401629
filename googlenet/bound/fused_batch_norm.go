package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// fusedBatchNorm bounds y = z scale + offset with z = (x - mean) / s and s = sqrt(variance + epsilon), a rounding each of the
// product and the sum. Where scale / s is computed first, as in TensorFlow's fused_batch_norm_op.cc, the roundings are as
// many, but that quotient may underflow, and what it loses then is multiplied by x - mean. For a producer that FoldsNorm, or
// where that is how single operations were written, see folded: the offset minus a product is rounded once more.
func fusedBatchNorm(c *Call) []*tensor.Tensor[float64] {
	l, u := c.Layer.(layer.FusedBatchNorm), c.Producer.U
	f := c.fused(l)
	b := make([]*tensor.Tensor[float64], len(c.Out))
	for i, t := range c.Out {
		b[i] = tensor.New[float64](t.Shape...)
	}
	for channel := range c.In[0].Shape[l.Axis] {
		n, variance := f.normal(channel)
		scale, offset := f.parts[0](channel), f.parts[1](channel)
		for at := range n.group.All() {
			z := f.standard(n, at)
			if c.Producer.FoldsNorm && (!l.Batch || l.Plain) {
				z.e += n.folded(f.x(at))
				b[0].Data[at] += u * (math.Abs(offset.v) + offset.e)
			}
			lost := (math.Abs(z.v*n.s.v) + z.e*(n.s.v+n.s.e) + 1) * c.Producer.Tiny
			b[0].Data[at] += z.mul(scale, u).add(offset, u).e + lost
		}
		if l.Plain {
			continue
		}
		b[3].Data[channel], b[4].Data[channel] = n.mean.e, variance.e
		if l.Batch {
			variance = unbiased(variance, n.group.Len(), u)
		}
		b[1].Data[channel], b[2].Data[channel] = f.running(2, channel, n.mean).e, f.running(3, channel, variance).e
	}
	return b
}

// fused is one execution of a layer.FusedBatchNorm with its scale, offset, mean and variance.
type fused struct {
	*Call
	layer layer.FusedBatchNorm
	x     func(at int) num
	parts []func(at int) num
}

func (c *Call) fused(l layer.FusedBatchNorm) *fused {
	f := &fused{Call: c, layer: l, x: numbers(c.In[0], c.Err[0])}
	off := c.ParamErr
	if off == nil {
		off = make([]*tensor.Tensor[float64], len(c.Params))
	}
	errs := l.Parts(c.Err, off)
	for i, t := range l.Parts(c.In, c.Params) {
		f.parts = append(f.parts, numbers(t, errs[i]))
	}
	return f
}

// normal bounds mean, divisor and variance of a channel. Epsilon is added with one rounding; 1/sqrt is off by up to K_rsqrt u.
func (f *fused) normal(channel int) (n standard, variance num) {
	u := f.Producer.U
	n = standard{group: f.layer.Channel(f.In[0].Shape, channel), taken: f.layer.Batch, p: f.Producer}
	least := 0.0
	if f.layer.Batch {
		n.mean, variance, n.overflows = f.moments(n.group, 1)
		least = f.layer.Epsilon * (1 - 2*u)
	} else {
		n.mean, variance = f.parts[2](channel), f.parts[3](channel)
	}
	n.s = variance.add(num{f.layer.Epsilon, 0}, u).root(least)
	n.s.e += kRsqrt * u * (n.s.v + n.s.e)
	n.floor = math.Sqrt(least) * (1 - kRsqrt*u)
	return n, variance
}

// standard is (x - mean) / s.
func (f *fused) standard(n standard, at int) num {
	x := f.x(at)
	z := num{v: (x.v - n.mean.v) / n.s.v}
	z.e = n.output(x, z.v)
	return z
}

// unbiased is n/(n-1) variance, with a rounding each of the quotient and the product.
func unbiased(variance num, n int, u float64) num {
	if n < 2 {
		return variance
	}
	share := float64(n) / float64(n-1)
	return variance.mul(num{share, u * share}, u)
}

// running is (1-Factor) old + Factor batch: a rounding of 1-Factor, of both products and of the sum, and one more where
// Factor and n/(n-1) are multiplied first.
func (f *fused) running(part, channel int, batch num) num {
	factor, u := f.layer.Factor, f.Producer.U
	if !f.layer.Batch || factor == 1 {
		return batch
	}
	kept := f.parts[part](channel).mul(num{1 - factor, u * math.Abs(1-factor)}, u)
	sum := kept.add(batch.mul(num{factor, u * math.Abs(factor)}, u), u)
	sum.e += 2 * f.Producer.Tiny
	return sum
}

// fusedBatchNormGradient bounds doffset = sum dy, dscale = sum dy z and dx = scale dy / s or, with statistics of the
// batch, scale times what standard.gradient says. Factors that the sums have in common round once less where they are taken out.
func fusedBatchNormGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.FusedBatchNorm)
	f, out := c.forward().fused(l), c.none()
	parts, grads := l.Parts(out.In, out.Params), l.Parts(c.InGrad, c.ParamGrad)
	d, channels := numbers(c.OutGrad[0], c.OutGradErr[0]), c.In[0].Shape[l.Axis]
	for i := range 2 {
		if grads[i] != nil {
			parts[i] = tensor.New[float64](channels)
		}
	}
	if c.InGrad[0] != nil {
		out.In[0] = tensor.New[float64](c.In[0].Shape...)
	}
	all := make([]num, len(c.In[0].Data))
	z := func(at int) num { return all[at] }
	for channel := range channels {
		n, _ := f.normal(channel)
		for at := range n.group.All() {
			all[at] = f.standard(n, at)
		}
		if parts[0] != nil {
			parts[0].Data[channel] = weightedSum(n, d, z).e
		}
		if parts[1] != nil {
			parts[1].Data[channel] = weightedSum(n, d, func(int) num { return num{1, 0} }).e
		}
		if out.In[0] != nil {
			f.inputGradient(n, z, d, f.parts[0](channel), out.In[0].Data)
		}
	}
	return out
}

// inputGradient bounds dx for a channel: what it is before the product with the scale, and that product.
func (f *fused) inputGradient(n standard, z, d func(at int) num, scale num, to []float64) {
	shift, slope := 0.0, 0.0
	if n.taken {
		n.gradient(z, d, to)
		count := float64(n.group.Len())
		for at := range n.group.All() {
			shift += d(at).v / count
			slope += d(at).v * z(at).v / count
		}
	}
	for at := range n.group.All() {
		if !n.taken {
			to[at] = n.over(d(at))
		}
		dz := num{(d(at).v - (shift + slope*z(at).v)) / n.s.v, to[at]}
		to[at] = dz.mul(scale, n.p.U).e + n.p.Tiny
	}
}

// weightedSum is the sum of d w over a group, with one more rounding for a factor that is multiplied in afterwards.
func weightedSum(n standard, d, w func(at int) num) num {
	var t total
	for at := range n.group.All() {
		product := d(at).mul(w(at), n.p.U)
		product.e += n.p.Tiny
		t.add(product)
	}
	return t.sum(n.p).rounded(n.p.U)
}
