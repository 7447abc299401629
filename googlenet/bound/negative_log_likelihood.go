package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// negativeLogLikelihood bounds -w x for each row: one product, none without weights. A sum of n of them takes n-1 additions, and a
// mean divides it by the sum of n weights.
func negativeLogLikelihood(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.NegativeLogLikelihood)
	rows := layer.ClassesOf(c.In[0].Shape, l.Axis)
	labels, x := labelledBy(l.Labels, rows, c.In[1], c.Err[1]), numbers(c.In[0], c.Err[0])
	b := tensor.New[float64](c.Out[0].Shape...)
	var terms, weights total
	for row := range labels.choices {
		term := labels.any(row, func(label int) num {
			v := x(rows.At(row, label)).negative()
			if l.Weighted {
				v = v.mul(num{c.Params[0].Data[label], 0}, c.Producer.U)
				v.e += c.Producer.Tiny
			}
			return v
		})
		terms.add(term)
		weights.add(labels.weight(row, l, c.Params))
		if l.Average == layer.AverageNone {
			b.Data[row] = settled(c.Out[0].Data[row], term.e, func() float64 { return term.e })
		}
	}
	sum := terms.sum(c.Producer)
	if l.Average == layer.AverageMean {
		sum = sum.div(weights.sum(c.Producer), c.Producer.U)
		sum.e += c.Producer.Tiny
	}
	if l.Average != layer.AverageNone {
		b.Data[0] = settled(c.Out[0].Data[0], terms.e, func() float64 { return sum.e })
	}
	return one(b)
}

// weight is that of a row's label, with a bound that covers every outcome.
func (l *labelled) weight(row int, by layer.NegativeLogLikelihood, params []*tensor.Tensor[float64]) num {
	return l.any(row, func(label int) num {
		if by.Weighted {
			return num{params[0].Data[label], 0}
		}
		return num{1, 0}
	})
}

// negativeLogLikelihoodGradient bounds -dy w at the label, or -dy w over the sum of the weights, in any order: two products, and the
// sum.
func negativeLogLikelihoodGradient(c *GradientCall) GradientBounds {
	l, u := c.Layer.(layer.NegativeLogLikelihood), c.Producer.U
	rows := layer.ClassesOf(c.In[0].Shape, l.Axis)
	labels, d := labelledBy(l.Labels, rows, c.In[1], c.InErr[1]), numbers(c.OutGrad[0], c.OutGradErr[0])
	over := num{1, 0}
	if l.Average == layer.AverageMean {
		var weights total
		for row := range labels.choices {
			weights.add(labels.weight(row, l, c.Params))
		}
		over = weights.sum(c.Producer)
	}
	undecided := 0
	b := c.input(func(to []float64) {
		for row, choice := range labels.choices {
			out := d(0)
			if l.Average == layer.AverageNone {
				out = d(row)
			}
			share := out.mul(labels.weight(row, l, c.Params), u)
			if l.Average == layer.AverageMean {
				share = share.div(over, u)
			}
			if choice.undecided() {
				undecided += rows.Count
			}
			for _, class := range choice.classes {
				to[rows.At(row, class)] = share.e + 2*c.Producer.Tiny
				if choice.undecided() {
					to[rows.At(row, class)] += math.Abs(share.v)
				}
			}
		}
	})
	b.Undecided = undecided
	return b
}
