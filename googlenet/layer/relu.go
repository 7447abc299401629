package layer

import "parity/googlenet/tensor"

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

func (l ReLU) Backward32(g *Gradient[float32]) { reluBackward(l, g) }
func (l ReLU) Backward64(g *Gradient[float64]) { reluBackward(l, g) }

// reluBackward: the slope counts at 0 and below, as in Caffe and TensorFlow.
func reluBackward[T tensor.Float](l ReLU, g *Gradient[T]) {
	slope := T(l.Slope)
	elementwiseBackward(g, func(x, _, d T) T {
		if x > 0 {
			return d
		}
		return slope * d
	})
}
