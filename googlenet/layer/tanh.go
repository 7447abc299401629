package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// Tanh is the hyperbolic tangent, elementwise.
type Tanh struct{}

func (Tanh) Kind() string { return "Tanh" }

func (l Tanh) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (Tanh) Forward32(c *Call[float32]) { tanh(c) }
func (Tanh) Forward64(c *Call[float64]) { tanh(c) }

func tanh[T tensor.Float](c *Call[T]) {
	elementwise(c, func(v T) T { return T(math.Tanh(float64(v))) })
}

func (Tanh) Backward32(g *Gradient[float32]) { tanhBackward(g) }
func (Tanh) Backward64(g *Gradient[float64]) { tanhBackward(g) }

// tanhBackward: dx = dy (1 - y^2).
func tanhBackward[T tensor.Float](g *Gradient[T]) {
	elementwiseBackward(g, func(_, y, d T) T { return d * (1 - y*y) })
}
