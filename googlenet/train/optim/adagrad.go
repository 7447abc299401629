package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// AdaGrad divides by the root of the sum of all squared gradients (Duchi et al., Adaptive subgradient methods, 2011):
//
//	h = h + g^2
//	update = rate g / (sqrt(h) + Delta)
//
// The sum begins at Accumulator, which is 0 in Caffe.
type AdaGrad struct{ Delta, Accumulator float64 }

func (AdaGrad) Name() string { return "AdaGrad" }

// Histories: the sum of squares.
func (AdaGrad) Histories() int { return 1 }

// Begin is the first sum of squares.
func (o AdaGrad) Begin(int) float64 { return o.Accumulator }

func (o AdaGrad) Update32(c *Call[float32]) { adaGrad(o, c) }
func (o AdaGrad) Update64(c *Call[float64]) { adaGrad(o, c) }

// Attributes lists what keeps the divisor from zero.
func (o AdaGrad) Attributes() []layer.Attribute {
	list := []layer.Attribute{number("delta", o.Delta)}
	if o.Accumulator != 0 {
		list = append(list, number("accumulator", o.Accumulator))
	}
	return list
}

func adaGrad[T tensor.Float](o AdaGrad, c *Call[T]) {
	delta, h := T(o.Delta), c.Histories[0]
	for i, g := range c.Grad {
		h[i] += T(g * g)
		c.Grad[i] = c.Rate * (g / (sqrt(h[i]) + delta))
	}
}
