package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Momentum is gradient descent with momentum. The velocity is without the learning rate, as in TensorFlow's
// MomentumOptimizer and in PyTorch, so that a rate that changes acts on all that has been gathered:
//
//	v = Momentum v + g
//	update = rate v
//
// and with Nesterov
//
//	update = rate g + rate Momentum v
type Momentum struct {
	Momentum float64
	Nesterov bool
}

func (Momentum) Name() string { return "Momentum" }

// Histories: the velocity.
func (Momentum) Histories() int { return 1 }

func (o Momentum) Update32(c *Call[float32]) { momentum(o, c) }
func (o Momentum) Update64(c *Call[float64]) { momentum(o, c) }

// Attributes lists the momentum and whether it looks ahead.
func (o Momentum) Attributes() []layer.Attribute {
	return append([]layer.Attribute{number("momentum", o.Momentum)}, flag("nesterov", o.Nesterov)...)
}

func momentum[T tensor.Float](o Momentum, c *Call[T]) {
	m, v := T(o.Momentum), c.Histories[0]
	for i, g := range c.Grad {
		v[i] = fma(m, v[i], g)
		if c.Grad[i] = c.Rate * v[i]; o.Nesterov {
			c.Grad[i] = blend(c.Rate, g, m, T(c.Rate*v[i]))
		}
	}
}
