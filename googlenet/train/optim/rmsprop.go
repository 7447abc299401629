package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// RMSProp divides by the root of a running mean of squared gradients (Tieleman and Hinton, 2012). Delta is added to the
// root, not under it:
//
//	h = Decay h + (1 - Decay) g^2
//	update = rate g / (sqrt(h) + Delta)
type RMSProp struct{ Decay, Delta float64 }

func (RMSProp) Name() string { return "RMSProp" }

// Histories: the mean of squares.
func (RMSProp) Histories() int { return 1 }

func (o RMSProp) Update32(c *Call[float32]) { rmsProp(o, c) }
func (o RMSProp) Update64(c *Call[float64]) { rmsProp(o, c) }

// Attributes lists the decay of the mean and what keeps the divisor from zero.
func (o RMSProp) Attributes() []layer.Attribute {
	return []layer.Attribute{number("decay", o.Decay), number("delta", o.Delta)}
}

func rmsProp[T tensor.Float](o RMSProp, c *Call[T]) {
	decay, delta, h := T(o.Decay), T(o.Delta), c.Histories[0]
	for i, g := range c.Grad {
		h[i] = blend(1-decay, g*g, decay, h[i])
		c.Grad[i] = c.Rate * (g / (sqrt(h[i]) + delta))
	}
}
