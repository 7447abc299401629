package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// sampled is a layer that weights cells along rows and columns.
type sampled interface {
	Separable(in tensor.Shape) layer.Separable
}

// separable bounds weighted sums, along the rows and along the columns in either order, of nv and nh terms: with W the
// product of both weights
//
//	B = |W| e + gamma_(nv+nh+3+doubt) W' (|x| + e) + nv nh tiny
//
// W' is |W|, but for a + (b - a) t, where the difference errs by u(|a| + |b|), it has 1 + t for a: the three roundings of
// such a blend are within gamma_3 ((1 + t)|a| + t|b|). The weights are float32 numbers, the same for every producer that
// computes them as the layer does. The three roundings more are for 1 - t in either direction and for a factor.
// doubt is what weights of sines and exponentials may differ by: each by that many roundings, and their sum too, which
// all of them are divided by.
func separable(c *Call) []*tensor.Tensor[float64] {
	s := c.Layer.(sampled).Separable(c.In[0].Shape)
	m := s.Magnitude()
	if only(s) {
		return c.onlyMoved(m)
	}
	nv, nh := s.Vertical.Terms(), s.Horizontal.Terms()
	b := m.Apply(c.spread(c.gamma(nv+nh+3+doubt(s))), c.Workers)
	for i := range b.Data {
		b.Data[i] += float64(nv*nh) * c.Producer.Tiny
	}
	return one(b)
}

// only reports whether a layer copies cells.
func only(s layer.Separable) bool {
	return copies(s.Vertical) && copies(s.Horizontal) && s.Factor == 1
}

func copies(s layer.Sampling) bool {
	for _, taps := range s.Taps {
		if len(taps) != 1 || taps[0].Weight != 1 {
			return false
		}
	}
	return true
}

func (c *Call) onlyMoved(m layer.Separable) []*tensor.Tensor[float64] {
	if c.Err[0] == nil {
		return one(nil)
	}
	return one(m.Apply(c.Err[0], c.Workers))
}

// doubt is that of both directions. The sum that weights are divided by errs by the doubt of each of them and by its
// additions, relative to the sum of magnitudes.
func doubt(s layer.Separable) int {
	n := 0
	for _, d := range []layer.Sampling{s.Vertical, s.Horizontal} {
		if d.Doubt > 0 {
			n += d.Doubt + 2*(d.Doubt+d.Terms())
		}
	}
	return n
}

// separableGradient adds up what every reader of an input cell gives back: |W|^T e + gamma_(m+4+doubt) W'^T (|d| + e), with
// m terms, in any order, of which each is a product of a gradient and two weights.
func separableGradient(c *GradientCall) GradientBounds {
	out := c.none()
	if c.InGrad[0] == nil {
		return out
	}
	s := c.Layer.(sampled).Separable(c.In[0].Shape)
	m := s.Magnitude()
	e := errorOf(c.OutGradErr[0], c.OutGrad[0])
	terms := s.Vertical.Readers() * s.Horizontal.Readers()
	if only(s) && terms == 1 && c.exact() {
		return out
	}
	b := m.Back(e, c.Workers)
	addScaled(b, c.Producer.gamma(terms+4+doubt(s)), m.Back(magnitude(c.OutGrad[0], e), c.Workers))
	for i := range b.Data {
		b.Data[i] += float64(terms) * c.Producer.Tiny
	}
	out.In[0] = b
	return out
}
