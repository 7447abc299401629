package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// softmaxCrossEntropyDense bounds -sum_j t_j log p_j, the logarithms as in logSoftmax, a rounding of each product and of
// each addition; and p - t, with p as in softmax and one rounding.
func softmaxCrossEntropyDense(c *Call) []*tensor.Tensor[float64] {
	axis := c.Layer.(layer.SoftmaxCrossEntropyDense).Axis
	rows := layer.ClassesOf(c.In[0].Shape, axis)
	logs, p, target := c.straightLogSoftmax(axis), c.rowSoftmax(axis), numbers(c.In[1], c.Err[1])
	loss, difference := tensor.New[float64](c.Out[0].Shape...), tensor.New[float64](c.Out[1].Shape...)
	for row := range loss.Data {
		var t total
		for class := range rows.Count {
			at := rows.At(row, class)
			product := target(at).mul(logs[at], c.Producer.U)
			product.e += c.Producer.Tiny
			t.add(product)
			difference.Data[at] = p[at].sub(target(at), c.Producer.U).e
		}
		loss.Data[row] = t.sum(c.Producer).e
	}
	return []*tensor.Tensor[float64]{loss, difference}
}

// softmaxCrossEntropyDenseGradient bounds dt = -dloss log p, one product, and what rowLossGradient does.
func softmaxCrossEntropyDenseGradient(c *GradientCall) GradientBounds {
	axis := c.Layer.(layer.SoftmaxCrossEntropyDense).Axis
	out := c.rowLossGradient(axis)
	if c.InGrad[1] == nil {
		return out
	}
	rows, d := layer.ClassesOf(c.In[1].Shape, axis), numbers(c.OutGrad[0], c.OutGradErr[0])
	out.In[1] = tensor.New[float64](c.In[1].Shape...)
	for at, log := range c.forward().straightLogSoftmax(axis) {
		out.In[1].Data[at] = log.mul(d(rows.Of(at)), c.Producer.U).e + c.Producer.Tiny
	}
	return out
}
