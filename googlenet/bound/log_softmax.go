package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// logSoftmax bounds y_i = (x_i - m) - log S, S = sum_j exp(x_j - m), for a producer that computes it so.
func logSoftmax(c *Call) []*tensor.Tensor[float64] {
	b := tensor.New[float64](c.Out[0].Shape...)
	for i, y := range c.straightLogSoftmax(c.Layer.(layer.LogSoftmax).Axis) {
		b.Data[i] = y.e
	}
	return one(b)
}

// straightLogSoftmax bounds y_i as computed without going through p_i. With d_i = |x_i - m|, which rounds by u d_i, and p_i the
// softmax, S is off by a relative sum_j p_j (u d_j + K_exp u) and n-1 additions; that, and K_log u log S, is what its
// logarithm is off; the last difference rounds once. An error e of the inputs moves y_i, whose derivatives are 1 - p_i and
// -p_j, by no more than 2 max e. Exponentials that underflow lose at most tiny each, of a sum that is at least 1.
func (c *Call) straightLogSoftmax(axis int) []num {
	l, x, e, u := layer.Softmax{Axis: axis}, c.In[0].Data, c.inputError(0), c.Producer.U
	y := make([]num, len(x))
	l.EachRow(c.In[0].Shape, c.Workers, func(start, stride, n int) {
		largest, worst, total, mean := math.Inf(-1), 0.0, 0.0, 0.0
		for i := range n {
			at := start + i*stride
			largest, worst = max(largest, x[at]), max(worst, e(at))
		}
		for i := range n {
			d := largest - x[start+i*stride]
			if p := math.Exp(-d); p > 0 {
				total += p
				mean += p * d
			}
		}
		log := math.Log(total)
		// The roundings of the distances are amplified by exp, by less than 1.001 before p vanishes.
		off := 1.001*u*mean/total + c.gamma(n+kExp) + float64(n)*c.Producer.Tiny
		off = off*(1+off) + kLog*u*(log+off)
		for i := range n {
			at := start + i*stride
			v := x[at] - largest - log
			y[at] = num{v, 0}
			if !math.IsInf(v, 0) {
				y[at].e = 2*worst + num{v, u*(largest-x[at]) + off}.rounded(u).e
			}
		}
	})
	return y
}

// logSoftmaxGradient bounds dx_i = dy_i - exp(y_i) sum_j dy_j: the exponential of a y that is off, the sum, a product and a
// difference.
func logSoftmaxGradient(c *GradientCall) GradientBounds {
	l, u := layer.Softmax(c.Layer.(layer.LogSoftmax)), c.Producer.U
	y, d := numbers(c.Out[0], c.OutErr[0]), numbers(c.OutGrad[0], c.OutGradErr[0])
	return c.input(func(to []float64) {
		l.EachRow(c.In[0].Shape, 1, func(start, stride, n int) {
			var t total
			for i := range n {
				t.add(d(start + i*stride))
			}
			sum := t.sum(c.Producer)
			for i := range n {
				at := start + i*stride
				part := exponential(y(at), c.Producer).mul(sum, u)
				part.e += c.Producer.Tiny
				to[at] = d(at).sub(part, u).e
			}
		})
	})
}

// exponential is exp(a), off by K_exp u.
func exponential(a num, p Producer) num {
	v := math.Exp(a.v)
	return num{v, v*math.Expm1(a.e)*(1+kExp*p.U) + kExp*p.U*v + p.Tiny}
}
