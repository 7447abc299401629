package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// softmaxGradient bounds dx_i = y_i (dy_i - sum_j y_j dy_j) over c elements: the sum is a dot product, the difference and
// the product round once each, and y and dy come with errors.
func softmaxGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Softmax)
	y, d, u := c.Out[0].Data, c.OutGrad[0].Data, c.Producer.U
	e, f := atOrZero(c.OutErr[0]), atOrZero(c.OutGradErr[0])
	out := c.none()
	b := tensor.New[float64](c.Out[0].Shape...)
	l.EachRow(c.Out[0].Shape, c.Workers, func(start, stride, n int) {
		g := c.Producer.gamma(n + 1)
		var sum, sumErr float64
		for i := range n {
			at := start + i*stride
			Y, D := math.Abs(y[at])+e(at), math.Abs(d[at])+f(at)
			sum += y[at] * d[at]
			sumErr += e(at)*D + math.Abs(y[at])*f(at) + g*Y*D + c.Producer.Tiny
		}
		for i := range n {
			at := start + i*stride
			diff := num{d[at], f(at)}.sub(num{sum, sumErr}, u)
			b.Data[at] = num{y[at], e(at)}.mul(diff, u).e + c.Producer.Tiny
		}
	})
	out.In[0] = b
	return out
}

// lrnGradient bounds, with s the normaliser and n channels in a window,
//
//	dx[c] = dy[c] s[c]^-Beta - 2 Alpha Beta x[c] sum_c' dy[c'] y[c'] / s[c']
//
// term by term: s is off by what the forward rule says, the power by K_pow u more, each product, quotient and sum rounds.
// Caffe keeps a running sum over the channels here too (accum_ratio), whose roundings pile up like those of s.
func lrnGradient(c *GradientCall) GradientBounds {
	l, u := c.Layer.(layer.LRN), c.Producer.U
	forward := &Call{Layer: l, In: c.In, Out: c.Out, Err: c.InErr, Producer: c.Producer, Workers: c.Workers}
	scale := l.Scale(c.In[0], c.Workers)
	shift := forward.scaleShift(l)
	scaleErr := forward.scaleError(l, scale, shift)
	x, y, d := c.In[0].Data, c.Out[0].Data, c.OutGrad[0].Data
	ex, ey, ed, es := atOrZero(c.InErr[0]), atOrZero(c.OutErr[0]), atOrZero(c.OutGradErr[0]), atOrZero(shift)
	shares := make([]num, len(x))
	direct := make([]num, len(x))
	for i := range x {
		s := num{scale.Data[i], scaleErr.Data[i] + es(i)}
		dy := num{d[i], ed(i)}
		shares[i] = dy.mul(num{y[i], ey(i)}, u).div(s, u)
		shares[i].e += c.Producer.Tiny
		direct[i] = dy.mul(s.pow(-l.Beta, c.Producer), u)
	}
	running := c.runningShares(l, shares)
	out := c.none()
	b := tensor.New[float64](c.In[0].Shape...)
	factor := 2 * l.Alpha * l.Beta
	l.EachMirrored(c.In[0].Shape, c.Workers, func(at, cells, lo, hi int) {
		var sum num
		size := 0.0
		for k := lo; k <= hi; k += cells {
			sum.v += shares[k].v
			sum.e += shares[k].e
			size += math.Abs(shares[k].v) + shares[k].e
		}
		sum.e += c.Producer.gamma(l.Size)*size + running(at)
		term := num{factor, 3 * u * math.Abs(factor)}.mul(num{x[at], ex(at)}, u).mul(sum, u)
		b.Data[at] = direct[at].sub(term, u).e + 3*c.Producer.Tiny
	})
	out.In[0] = b
	return out
}

// runningShares is what a running sum over the channels piles up, for a producer that keeps one; the sums run
// from the first channel to the last.
func (c *GradientCall) runningShares(l layer.LRN, shares []num) func(at int) float64 {
	if !c.Producer.RunningLRN {
		return func(int) float64 { return 0 }
	}
	shape := c.In[0].Shape
	channels, cells := shape[1], shape[2]*shape[3]
	piled := make([]float64, len(shares))
	for image := range shape[0] {
		for i := range cells {
			at := func(ch int) int { return (image*channels+ch)*cells + i }
			size := func(ch int) float64 {
				if ch < 0 || ch >= channels {
					return 0
				}
				return math.Abs(shares[at(ch)].v) + shares[at(ch)].e
			}
			window, sum := 0.0, 0.0
			for ch := range l.Size / 2 {
				window += size(ch)
				sum += window
			}
			for ch := range channels {
				window += size(ch + l.Size/2)
				sum += window
				piled[at(ch)] = 1.01 * c.Producer.U * sum
				window -= size(ch - l.Size/2)
				sum += max(window, 0)
			}
		}
	}
	return func(at int) float64 { return piled[at] }
}
