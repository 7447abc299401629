package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// RMSPropMomentum is RMSProp as TensorFlow has it: Epsilon is under the root, the mean of squares begins at 1, and what
// comes out is gathered with momentum, the learning rate inside:
//
//	h = Decay h + (1 - Decay) g^2
//	update = Momentum update + rate g / sqrt(h + Epsilon)
//
// Centered divides by an estimate of the standard deviation: h - m^2 in place of h, where
//
//	m = Decay m + (1 - Decay) g
type RMSPropMomentum struct {
	Decay, Momentum, Epsilon float64
	Centered                 bool
}

func (RMSPropMomentum) Name() string { return "RMSPropMomentum" }

// Histories: the mean of squares, with Centered the mean, and the last update.
func (o RMSPropMomentum) Histories() int {
	if o.Centered {
		return 3
	}
	return 2
}

// Begin is 1 for the mean of squares.
func (o RMSPropMomentum) Begin(history int) float64 {
	if history == 0 {
		return 1
	}
	return 0
}

func (o RMSPropMomentum) Update32(c *Call[float32]) { rmsPropMomentum(o, c) }
func (o RMSPropMomentum) Update64(c *Call[float64]) { rmsPropMomentum(o, c) }

// Attributes lists the decay of the means, the momentum and what keeps the divisor from zero.
func (o RMSPropMomentum) Attributes() []layer.Attribute {
	list := []layer.Attribute{number("decay", o.Decay), number("momentum", o.Momentum), number("epsilon", o.Epsilon)}
	return append(list, flag("centered", o.Centered)...)
}

func rmsPropMomentum[T tensor.Float](o RMSPropMomentum, c *Call[T]) {
	decay, momentum, epsilon := T(o.Decay), T(o.Momentum), T(o.Epsilon)
	square, last := c.Histories[0], c.Histories[len(c.Histories)-1]
	for i, g := range c.Grad {
		square[i] = toward(square[i], g*g, 1-decay)
		h := square[i]
		if o.Centered {
			mean := c.Histories[1]
			mean[i] = toward(mean[i], g, 1-decay)
			h -= T(mean[i] * mean[i])
		}
		last[i] = fma(momentum, last[i], c.Rate*g/sqrt(h+epsilon))
		c.Grad[i] = last[i]
	}
}
