package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// MultinomialLogisticLoss is the mean of -log max(p, LogFloor) over the items of the first input, with p the item's
// element at the label that the second input gives; its output is a scalar. The first input holds probabilities.
//
// A label that is no class makes the loss, and the row's gradient, NaN.
type MultinomialLogisticLoss struct{}

func (MultinomialLogisticLoss) Kind() string { return "MultinomialLogisticLoss" }

// Infer checks that there is one label for each item.
func (l MultinomialLogisticLoss) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	err := arity(l, in, 2)
	if err == nil {
		err = batched(l, in)
	}
	if err == nil && in[1].Len() != in[0][0] {
		err = fmt.Errorf("%s needs one label for each of %d items, got %v", l.Kind(), in[0][0], in[1])
	}
	return lossOf(err)
}

func (l MultinomialLogisticLoss) Forward32(c *Call[float32]) { multinomialLogisticLoss(c) }
func (l MultinomialLogisticLoss) Forward64(c *Call[float64]) { multinomialLogisticLoss(c) }

func multinomialLogisticLoss[T tensor.Float](c *Call[T]) {
	rows := Items(c.In[0].Shape)
	var sum T
	for row, v := range c.In[1].Data {
		if label := Label(v); rows.Has(label) {
			sum -= logFloored(c.In[0].Data[rows.At(row, label)], T(LogFloor))
		} else {
			sum += invalid[T]()
		}
	}
	c.Out[0].Data[0] = sum / T(rows.Outer)
}

func (l MultinomialLogisticLoss) Backward32(g *Gradient[float32]) { multinomialLogisticLossBackward(g) }
func (l MultinomialLogisticLoss) Backward64(g *Gradient[float64]) { multinomialLogisticLossBackward(g) }

// multinomialLogisticLossBackward: dp = -dy / (N max(p, LogFloor)) at the label, 0 elsewhere. Below the floor that is
// Caffe's, not the derivative.
func multinomialLogisticLossBackward[T tensor.Float](g *Gradient[T]) {
	g.InGrad[1] = nil
	if g.InGrad[0] == nil {
		return
	}
	rows := Items(g.In[0].Shape)
	by := -g.OutGrad[0].Data[0] / T(rows.Outer)
	for row, v := range g.In[1].Data {
		label := Label(v)
		if rows.Has(label) {
			at := rows.At(row, label)
			g.InGrad[0].Data[at] = by / max(g.In[0].Data[at], T(LogFloor))
			continue
		}
		for class := range rows.Count {
			g.InGrad[0].Data[rows.At(row, class)] = invalid[T]()
		}
	}
}
