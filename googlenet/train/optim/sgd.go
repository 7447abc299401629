package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// SGD is gradient descent with momentum. The learning rate is part of the velocity, as in Caffe and Keras:
//
//	v = Momentum v + rate g
//
// and v is the update. A rate that changes therefore acts on what comes, not on what has been gathered.
type SGD struct{ Momentum float64 }

func (SGD) Name() string { return "SGD" }

// Histories: the velocity.
func (SGD) Histories() int { return 1 }

func (o SGD) Update32(c *Call[float32]) { sgd(o, c) }
func (o SGD) Update64(c *Call[float64]) { sgd(o, c) }

// Attributes lists the momentum.
func (o SGD) Attributes() []layer.Attribute {
	return []layer.Attribute{number("momentum", o.Momentum)}
}

func sgd[T tensor.Float](o SGD, c *Call[T]) {
	momentum, v := T(o.Momentum), c.Histories[0]
	for i, g := range c.Grad {
		v[i] = blend(c.Rate, g, momentum, v[i])
		c.Grad[i] = v[i]
	}
}
