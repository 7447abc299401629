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
	l := c.Layer.(layer.Softmax)
	x, p := c.In[0].Data, c.Out[0].Data
	e := c.inputError(0)
	b := tensor.New[float64](c.Out[0].Shape...)
	l.EachRow(c.In[0].Shape, c.Workers, func(start, stride, n int) {
		largest, worst := math.Inf(-1), 0.0
		for i := range n {
			at := start + i*stride
			largest, worst = max(largest, x[at]), max(worst, e(at))
		}
		mean := 0.0
		for i := range n {
			at := start + i*stride
			if p[at] > 0 {
				mean += p[at] * (largest - x[at])
			}
		}
		rounding := math.Log1p(c.gamma(n + 2*kExp + 2))
		for i := range n {
			at := start + i*stride
			if p[at] > 0 {
				b.Data[at] = p[at] * math.Expm1(2*worst+c.Producer.U*(largest-x[at]+mean)+rounding)
			}
			b.Data[at] += 2 * c.Producer.Tiny
		}
	})
	return one(b)
}
