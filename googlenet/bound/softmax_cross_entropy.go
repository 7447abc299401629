package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// softmaxCrossEntropy bounds -sum log max(p, floor) / divisor over the rows: each logarithm as logFloored says, a rounding
// of the sum for each row, and the quotient.
func softmaxCrossEntropy(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.SoftmaxCrossEntropy)
	rows := layer.ClassesOf(c.In[0].Shape, l.Axis)
	logs := c.logSoftmax(layer.Softmax{Axis: l.Axis})
	return c.loss(labelledBy(l.Labels, rows, c.In[1], c.Err[1]), l.Normalization, 1, func(row, label int) num {
		return logFloored(logs[rows.At(row, label)], layer.ProbabilityFloor, c.Producer).negative()
	})
}

// softmaxCrossEntropyGradient bounds dy (p - [the class is the label]) / divisor: p as in the forward rule, one rounding of
// the difference, of the quotient and of the product.
func softmaxCrossEntropyGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.SoftmaxCrossEntropy)
	rows := layer.ClassesOf(c.In[0].Shape, l.Axis)
	p := c.forward().rowSoftmax(l.Axis)
	return c.lossGradient(labelledBy(l.Labels, rows, c.In[1], c.InErr[1]), l.Normalization, func(row, class, label int) num {
		if class != label {
			return p[rows.At(row, class)]
		}
		return p[rows.At(row, class)].sub(num{v: 1}, c.Producer.U)
	})
}
