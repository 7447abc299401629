package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// Sigmoid is 1 / (1 + e^-x), elementwise.
type Sigmoid struct{}

func (Sigmoid) Kind() string { return "Sigmoid" }

func (l Sigmoid) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (Sigmoid) Forward32(c *Call[float32]) { sigmoid(c) }
func (Sigmoid) Forward64(c *Call[float64]) { sigmoid(c) }

func sigmoid[T tensor.Float](c *Call[T]) { elementwise(c, logistic[T]) }

// logistic is 1 / (1 + e^-x), accurate to the last digits for any x.
func logistic[T tensor.Float](x T) T { return T(1 / (1 + math.Exp(-float64(x)))) }

func (Sigmoid) Backward32(g *Gradient[float32]) { sigmoidBackward(g) }
func (Sigmoid) Backward64(g *Gradient[float64]) { sigmoidBackward(g) }

// sigmoidBackward: dx = dy y (1 - y).
func sigmoidBackward[T tensor.Float](g *Gradient[T]) {
	elementwiseBackward(g, func(_, y, d T) T { return d * y * (1 - y) })
}
