package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// infogainLoss bounds -sum_k H[label, k] log max(p_k, floor) over the rows, divided: the logarithms as logFloored says, a
// rounding of each product and one of the sum for it, and the quotient.
func infogainLoss(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.InfogainLoss)
	rows := layer.ClassesOf(c.In[0].Shape, l.Axis)
	logs, gain := c.logSoftmax(layer.Softmax{Axis: l.Axis}), gainOf(l, c.In, c.Err)
	labels := labelledBy(l.Labels, rows, c.In[1], c.Err[1])
	size := 0.0 // of the products, which may cancel
	b := c.loss(labels, l.Normalization, rows.Count, func(row, label int) num {
		var s sum
		for k := range rows.Count {
			log := logFloored(logs[rows.At(row, k)], layer.LogFloor, c.Producer)
			s.add(gain(label, k).mul(log, c.Producer.U))
		}
		size += s.size
		return s.num.negative()
	})
	return scalar(b[0].Data[0] + c.gamma(len(labels.choices)*rows.Count)*size/labels.divisor(l.Normalization).least)
}

// gainOf returns the elements of H, with their errors where it is an input.
func gainOf(l layer.InfogainLoss, in, e []*tensor.Tensor[float64]) func(label, k int) num {
	if l.Gain != nil {
		n := int(math.Sqrt(float64(len(l.Gain))))
		return func(label, k int) num { return num{v: l.Gain[label*n+k]} }
	}
	n, h, off := int(math.Sqrt(float64(len(in[2].Data)))), in[2].Data, atOrZero(e[2])
	return func(label, k int) num { return num{h[label*n+k], off(label*n + k)} }
}

// infogainLossGradient bounds dy (p_k sum_j H[label, j] - H[label, k]) / divisor: p as in the forward rule of softmax, the sum
// in any order, one rounding of the product, of the difference, of the quotient and of the product with it.
func infogainLossGradient(c *GradientCall) GradientBounds {
	l, u := c.Layer.(layer.InfogainLoss), c.Producer.U
	rows := layer.ClassesOf(c.In[0].Shape, l.Axis)
	p, gain := c.forward().rowSoftmax(l.Axis), gainOf(l, c.In, c.InErr)
	sums := make([]num, rows.Count)
	for label := range sums {
		var s sum
		for k := range rows.Count {
			s.add(gain(label, k))
		}
		sums[label] = s.rounded(rows.Count, c.Producer)
	}
	return c.lossGradient(labelledBy(l.Labels, rows, c.In[1], c.InErr[1]), l.Normalization, func(row, class, label int) num {
		return p[rows.At(row, class)].mul(sums[label], u).sub(gain(label, class), u)
	})
}
