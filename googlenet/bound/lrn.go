package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// lrn bounds y = x s^-beta, s = k + alpha sum x^2 over a window of n channels.
//
// If the producer's s is off by a factor within 1 +- r, then its s^-beta is within (1-r)^-beta of the right one,
// times 1 + K_pow u; the product with x rounds once more:
//
//	B = |y| q + e s^-beta (1 + q),  1 + q = (1-r)^-beta (1 + K_pow u) (1 + u)
//
// r has two parts: inputs off by e change s by at most alpha sum (2|x|e + e^2), and the roundings of s itself
// depend on the algorithm (scaleError).
func lrn(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.LRN)
	scale, shift := l.Scale(c.In[0], c.Workers), c.scaleShift(l)
	off := c.scaleError(l, scale, shift)
	if shift != nil {
		for i, v := range shift.Data {
			off.Data[i] += v
		}
	}
	return one(c.normalised(scale, off, l.Beta, l.K))
}

// normalised bounds x s^-beta for an s that is off by off.
func (c *Call) normalised(scale, off *tensor.Tensor[float64], beta, k float64) *tensor.Tensor[float64] {
	x, y, e := c.In[0], c.Out[0], c.Err[0]
	b, power := tensor.New[float64](y.Shape...), negativePower(beta)
	parallel.Ranges(c.Workers, len(scale.Data), 1<<12, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			s, d := scale.Data[i], 0.0
			if e != nil {
				d = e.Data[i]
			}
			r := off.Data[i] / s
			switch {
			case r < 1:
				q := c.powerError(r, beta, s)
				b.Data[i] = math.Abs(y.Data[i])*q + d*power(s)*(1+q) + c.Producer.Tiny
			case beta < 0:
				b.Data[i] = math.Inf(1)
			default: // s is not known to any accuracy; what is left of it is at least k
				b.Data[i] = math.Abs(y.Data[i]) + 2*(math.Abs(x.Data[i])+d)*math.Pow(k, -beta)
			}
		}
	})
	return b
}

// powerError is the q of lrn. As -log(1-r) <= r / (1-r) and log(1+v) <= v, 1 + q <= exp(z) with z = |beta| r / (1-r) + K_pow u + u,
// and exp(z) - 1 <= z / (1 - z/2) for z < 2, of which both are larger by little more than the r-th part; where that is much,
// the formula is computed as it stands.
func (c *Call) powerError(r, beta, s float64) float64 {
	u := c.Producer.U
	k := c.Producer.powError(beta, s) * u
	if z := math.Abs(beta)*r/(1-r) + k + u; z < 1e-4 {
		return z / (1 - z/2)
	}
	return math.Expm1(math.Abs(beta)*-math.Log1p(-r) + math.Log1p(k) + math.Log1p(u))
}

// negativePower returns s^-beta, from roots for the power that Krizhevsky's paper has.
func negativePower(beta float64) func(s float64) float64 {
	if beta != 0.75 {
		return func(s float64) float64 { return math.Pow(s, -beta) }
	}
	return func(s float64) float64 {
		root := math.Sqrt(s)
		return 1 / (root * math.Sqrt(root))
	}
}

// scaleShift is alpha sum (2|x|e + e^2), nil for exact inputs. The sum over the window is a normaliser of the
// square roots of its terms.
func (c *Call) scaleShift(l layer.LRN) *tensor.Tensor[float64] {
	if c.Err[0] == nil {
		return nil
	}
	root := tensor.New[float64](c.In[0].Shape...)
	for i, x := range c.In[0].Data {
		e := c.Err[0].Data[i]
		root.Data[i] = math.Sqrt(e * (2*math.Abs(x) + e))
	}
	l.K = 0
	return l.Scale(root, c.Workers)
}

// scaleError bounds the rounding error of s, in absolute terms.
//
// A sum taken anew for each window is n squares, n-1 additions, the product with alpha and the addition of k;
// alpha itself may be rounded twice (alpha and alpha / n are both constants somewhere): gamma_(n+4) s, with s as
// large as the input's error allows.
func (c *Call) scaleError(l layer.LRN, scale, shift *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	out := tensor.New[float64](scale.Shape...)
	g := c.gamma(l.Size + 4)
	for i, s := range scale.Data {
		out.Data[i] = g * s
		if shift != nil {
			out.Data[i] += g * shift.Data[i]
		}
	}
	if c.Producer.runningLRN(l, c.In[0].Shape[1]) {
		c.addRunning(l, scale, shift, out)
	}
	return out
}

// addRunning adds what a running sum piles up (Caffe's lrn_layer.cpp): from channel to channel it adds the square
// that enters the window, then subtracts the one that leaves. The products with alpha are the same numbers both
// times and cancel; each of the two sums rounds, by u times its result: s + (the leaving square) and s. No
// later step removes these errors:
//
//	A[c] = u (n s[0] + sum_{0 < c' <= c} (2 s[c'] + alpha x[c'-n/2-1]^2))
//
// taken 1% larger for the roundings of the sums' own errors, which is enough up to 2^17 channels in float32.
func (c *Call) addRunning(l layer.LRN, scale, shift, out *tensor.Tensor[float64]) {
	x, e := c.In[0], c.inputError(0)
	channels, cells := x.Shape[1], x.Shape[2:].Len()
	for image := range x.Shape[0] {
		for i := range cells {
			sum := 0.0
			for ch := range channels {
				at := (image*channels+ch)*cells + i
				s := scale.Data[at]
				if shift != nil {
					s += shift.Data[at]
				}
				if ch == 0 {
					sum = float64(l.Size) * s // the first window is added up square by square
				} else {
					sum += 2 * s
				}
				if leaving := ch - (l.Size-1)/2 - 1; leaving >= 0 {
					from := (image*channels+leaving)*cells + i
					v := math.Abs(x.Data[from]) + e(from)
					sum += l.Alpha * v * v
				}
				out.Data[at] += 1.01 * c.Producer.U * sum
			}
		}
	}
}
