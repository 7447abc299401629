package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// softmax bounds p_i = exp(x_i - m) / sum_j exp(x_j - m) over c elements.
//
// The difference x_i - m rounds by u |x_i - m|, which exp turns into a relative error; exp adds K_exp u, the sum
// c-1 roundings, the division one. An error e of the inputs changes every exponential, and so the
// sum, by a factor within exp(max e). Relative to p_i, with d_i = |x_i - m| and d the mean of d_j weighted with p_j:
//
//	B_i = p_i (exp(2 max e + u (d_i + d)) (1 + gamma_(c + 2 K_exp + 2)) - 1) + tiny
//
// The exponentials that underflow lose at most tiny each, of a sum that is at least 1.
func softmax(c *Call) []*tensor.Tensor[float64] {
	p := c.Out[0].Data
	b := tensor.New[float64](c.Out[0].Shape...)
	for i, log := range c.logSoftmax(c.Layer.(layer.Softmax)) {
		if p[i] > 0 {
			b.Data[i] = p[i] * math.Expm1(log.e)
		}
		b.Data[i] += 2 * c.Producer.Tiny
	}
	return one(b)
}

// logSoftmax is the logarithm of every p_i of softmax, and how far the logarithm of the producer's may be from it where
// it does not underflow: the exponent of the bound there.
func (c *Call) logSoftmax(l layer.Softmax) []num {
	x, e := c.In[0].Data, c.inputError(0)
	logs := make([]num, len(x))
	l.EachRow(c.In[0].Shape, c.Workers, func(start, stride, n int) {
		largest, worst, total := math.Inf(-1), 0.0, 0.0
		for i := range n {
			at := start + i*stride
			largest, worst = max(largest, x[at]), max(worst, e(at))
		}
		for i := range n {
			total += math.Exp(x[start+i*stride] - largest)
		}
		mean := 0.0
		for i := range n {
			at := start + i*stride
			logs[at].v = x[at] - largest - math.Log(total)
			if p := math.Exp(logs[at].v); p > 0 {
				mean += p * (largest - x[at])
			}
		}
		rounding := math.Log1p(c.gamma(n + 2*kExp + 2))
		for i := range n {
			at := start + i*stride
			logs[at].e = 2*worst + rounding
			if d := largest - x[at] + mean; !math.IsInf(d, 1) {
				logs[at].e += c.Producer.U * d
			}
		}
	})
	return logs
}

// logFloored bounds log max(p, floor) for the log p of a softmax, which moves by no more than log p does and not below
// log floor; the logarithm itself rounds by K_log u. The floor is at least the smallest normal number. Below that each of the
// roundings that make up the bound of log p may be twice as large down to half of it, and further down rounding,
// which is monotone, cannot bring p above it; four times the bound covers that.
func logFloored(log num, floor float64, p Producer) num {
	least := math.Log(floor)
	v, lo, hi := max(log.v, least), max(log.v-log.e, least), max(log.v+log.e, least)
	if log.v-log.e < least {
		hi = max(log.v+4*log.e, least)
	}
	e := max(hi-v, v-lo)
	return num{v, e + kLog*p.U*(math.Abs(v)+e)}
}
