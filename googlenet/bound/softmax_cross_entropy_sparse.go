package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// softmaxCrossEntropySparse bounds -log p at the label, as logSoftmax does, and p - [the class is the label], with p as in
// softmax and one rounding.
func softmaxCrossEntropySparse(c *Call) []*tensor.Tensor[float64] {
	axis := c.Layer.(layer.SoftmaxCrossEntropySparse).Axis
	rows := layer.ClassesOf(c.In[0].Shape, axis)
	labels := labelledBy(layer.Labels{}, rows, c.In[1], c.Err[1])
	logs, p := c.straightLogSoftmax(axis), c.rowSoftmax(axis)
	loss, difference := tensor.New[float64](c.Out[0].Shape...), tensor.New[float64](c.Out[1].Shape...)
	for row := range loss.Data {
		loss.Data[row] = labels.any(row, func(label int) num { return logs[rows.At(row, label)] }).e
		for class := range rows.Count {
			at := rows.At(row, class)
			difference.Data[at] = labels.any(row, func(label int) num {
				if class != label {
					return p[at]
				}
				return p[at].sub(num{v: 1}, c.Producer.U)
			}).e
		}
	}
	return []*tensor.Tensor[float64]{loss, difference}
}

// softmaxCrossEntropySparseGradient is rowLossGradient: labels have no gradient.
func softmaxCrossEntropySparseGradient(c *GradientCall) GradientBounds {
	return c.rowLossGradient(c.Layer.(layer.SoftmaxCrossEntropySparse).Axis)
}
