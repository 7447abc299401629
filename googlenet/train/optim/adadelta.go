package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// AdaDelta scales the gradient by the ratio of the running means of squared updates and squared gradients (Zeiler,
// 2012). Momentum is the decay of both means; the learning rate scales the update, but not its mean:
//
//	h = Momentum h + (1 - Momentum) g^2
//	d = g sqrt((k + Delta) / (h + Delta))
//	k = Momentum k + (1 - Momentum) d^2
//	update = rate d
type AdaDelta struct{ Momentum, Delta float64 }

func (AdaDelta) Name() string { return "AdaDelta" }

// Histories: the means of squared gradients and of squared updates.
func (AdaDelta) Histories() int { return 2 }

func (o AdaDelta) Update32(c *Call[float32]) { adaDelta(o, c) }
func (o AdaDelta) Update64(c *Call[float64]) { adaDelta(o, c) }

// Attributes lists the decay of the means and what keeps the divisor from zero.
func (o AdaDelta) Attributes() []layer.Attribute {
	return []layer.Attribute{number("momentum", o.Momentum), number("delta", o.Delta)}
}

func adaDelta[T tensor.Float](o AdaDelta, c *Call[T]) {
	momentum, delta := T(o.Momentum), T(o.Delta)
	h, k := c.Histories[0], c.Histories[1]
	for i, g := range c.Grad {
		h[i] = blend(1-momentum, g*g, momentum, h[i])
		d := g * sqrt((delta+k[i])/(delta+h[i]))
		k[i] = blend(1-momentum, d*d, momentum, k[i])
		c.Grad[i] = c.Rate * d
	}
}
