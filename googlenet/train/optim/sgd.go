package optim

import (
	"parity/googlenet/kernel"
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
	v := c.Histories[0]
	kernel.For[T]().Blend(c.Rate, c.Grad, T(o.Momentum), v)
	copy(c.Grad, v)
}
