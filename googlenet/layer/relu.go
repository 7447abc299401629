package layer

import (
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// ReLU is max(x, 0) + Slope min(x, 0), elementwise.
type ReLU struct{ Slope float64 }

func (ReLU) Kind() string { return "ReLU" }

func (l ReLU) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l ReLU) Forward32(c *Call[float32]) { relu(l, c) }
func (l ReLU) Forward64(c *Call[float64]) { relu(l, c) }

// Attributes lists the slope when there is one.
func (l ReLU) Attributes() []Attribute {
	if l.Slope == 0 {
		return nil
	}
	return []Attribute{{"slope", number(l.Slope)}}
}

func relu[T tensor.Float](l ReLU, c *Call[T]) {
	slope := T(l.Slope)
	elementwise(c, func(v T) T {
		if v < 0 {
			if slope == 0 {
				return 0
			}
			return slope * v
		}
		return v // NaN too
	})
}

// grain is the number of elements that one piece of elementwise work covers.
const grain = 1 << 14

func elementwise[T tensor.Float](c *Call[T], f func(T) T) {
	x, y := c.In[0].Data, c.Out[0].Data
	parallel.Ranges(c.Workers, len(x), grain, func(lo, hi int) {
		for i, v := range x[lo:hi] {
			y[lo+i] = f(v)
		}
	})
}

func (l ReLU) Backward32(g *Gradient[float32]) { reluBackward(l, g) }
func (l ReLU) Backward64(g *Gradient[float64]) { reluBackward(l, g) }

// reluBackward: the slope counts at 0 and below, as in Caffe and TensorFlow.
func reluBackward[T tensor.Float](l ReLU, g *Gradient[T]) {
	for i, x := range g.In[0].Data {
		if d := g.OutGrad[0].Data[i]; x > 0 {
			g.InGrad[0].Data[i] = d
		} else {
			g.InGrad[0].Data[i] = T(l.Slope) * d
		}
	}
}
