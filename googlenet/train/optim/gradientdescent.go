package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// GradientDescent subtracts the gradient times the rate, and keeps nothing.
type GradientDescent struct{}

func (GradientDescent) Name() string { return "GradientDescent" }

// Histories: none.
func (GradientDescent) Histories() int { return 0 }

func (GradientDescent) Update32(c *Call[float32]) { gradientDescent(c) }
func (GradientDescent) Update64(c *Call[float64]) { gradientDescent(c) }

// Attributes lists nothing: all there is to set is the rate.
func (GradientDescent) Attributes() []layer.Attribute { return nil }

func gradientDescent[T tensor.Float](c *Call[T]) {
	for i, g := range c.Grad {
		c.Grad[i] = c.Rate * g
	}
}
