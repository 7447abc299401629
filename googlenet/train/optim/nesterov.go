package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Nesterov is gradient descent that looks ahead along its momentum (Sutskever et al., On the importance of
// initialization and momentum in deep learning, 2013), with the learning rate in the velocity:
//
//	v' = Momentum v + rate g
//	update = (1 + Momentum) v' - Momentum v
type Nesterov struct{ Momentum float64 }

func (Nesterov) Name() string { return "Nesterov" }

// Histories: the velocity.
func (Nesterov) Histories() int { return 1 }

func (o Nesterov) Update32(c *Call[float32]) { nesterov(o, c) }
func (o Nesterov) Update64(c *Call[float64]) { nesterov(o, c) }

// Attributes lists the momentum.
func (o Nesterov) Attributes() []layer.Attribute {
	return []layer.Attribute{number("momentum", o.Momentum)}
}

func nesterov[T tensor.Float](o Nesterov, c *Call[T]) {
	momentum, v := T(o.Momentum), c.Histories[0]
	for i, g := range c.Grad {
		before := v[i]
		v[i] = blend(c.Rate, g, momentum, before)
		c.Grad[i] = blend(1+momentum, v[i], -momentum, before)
	}
}
