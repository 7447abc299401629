package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// hingeLoss bounds the mean of the rows' sums of max(0, 1 +- x), or of its square: one rounding of the term, one of the
// square, one of the sum for each term, and the quotient. max(0, .) moves by no more than its argument.
func hingeLoss(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.HingeLoss)
	rows := layer.Items(c.In[0].Shape)
	e := c.inputError(0)
	return c.loss(labelledBy(layer.Labels{}, rows, c.In[1], c.Err[1]), layer.ByOuter, rows.Count, func(row, label int) num {
		var s sum
		for class := range rows.Count {
			at := rows.At(row, class)
			m, _ := hinge(num{c.In[0].Data[at], e(at)}, class == label, c.Producer.U)
			if l.Squared {
				m = m.mul(m, 0)
			}
			s.add(m)
		}
		return s.num
	})
}

// hinge is max(0, 1 +- x) and the sign of x in it.
func hinge(x num, right bool, u float64) (m num, sign float64) {
	sign = 1
	if right {
		x, sign = x.negative(), -1
	}
	return num{v: 1}.add(x, u).positive(), sign
}

// hingeLossGradient bounds dy/N times the sign of x, or twice the signed term. Where x is within its error of the kink
// the sign may be 0 or not. Rounding alone does not carry a term across: it is monotone.
func hingeLossGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.HingeLoss)
	rows := layer.Items(c.In[0].Shape)
	e := atOrZero(c.InErr[0])
	kinks := map[int]bool{}
	out := c.lossGradient(labelledBy(layer.Labels{}, rows, c.In[1], c.InErr[1]), layer.ByOuter, func(row, class, label int) num {
		at := rows.At(row, class)
		m, sign := hinge(num{c.In[0].Data[at], e(at)}, class == label, c.Producer.U)
		if l.Squared {
			return m.mul(num{v: 2 * sign}, 0)
		}
		slope := num{v: sign * float64(count(m.v > 0))}
		if exact := 1 + sign*c.In[0].Data[at]; e(at) > 0 && math.Abs(exact) <= e(at) {
			slope.e = 1
			kinks[at] = true
		}
		return slope
	})
	out.Undecided += len(kinks)
	return out
}
