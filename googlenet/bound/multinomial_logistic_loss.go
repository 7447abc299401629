package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// multinomialLogisticLoss bounds the mean of -log max(p, floor): the logarithm of a p that is off by e, K_log u of its own,
// one rounding of the sum for each, and the quotient.
func multinomialLogisticLoss(c *Call) []*tensor.Tensor[float64] {
	rows := layer.Items(c.In[0].Shape)
	e := c.inputError(0)
	return c.loss(labelledBy(layer.Labels{}, rows, c.In[1], c.Err[1]), layer.ByOuter, 1, func(row, label int) num {
		at := rows.At(row, label)
		v, lo, hi := floored(c.In[0].Data[at], e(at))
		log := num{-math.Log(v), max(math.Log(hi/v), math.Log(v/lo))}
		return num{log.v, log.e + kLog*c.Producer.U*(math.Abs(log.v)+log.e)}
	})
}

// floored is max(p, floor) as it is, at least and at most.
func floored(p, e float64) (v, lo, hi float64) {
	return max(p, layer.LogFloor), max(p-e, layer.LogFloor), max(p+e, layer.LogFloor)
}

// multinomialLogisticLossGradient bounds -dy / (N max(p, floor)) at the label: the errors of p, and two quotients.
func multinomialLogisticLossGradient(c *GradientCall) GradientBounds {
	rows := layer.Items(c.In[0].Shape)
	e := atOrZero(c.InErr[0])
	return c.lossGradient(labelledBy(layer.Labels{}, rows, c.In[1], c.InErr[1]), layer.ByOuter, func(row, class, label int) num {
		if class != label {
			return num{}
		}
		at := rows.At(row, label)
		v, lo, hi := floored(c.In[0].Data[at], e(at))
		return num{-1 / v, max(1/lo-1/v, 1/v-1/hi)}.rounded(c.Producer.U)
	})
}
