package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// Abs is |x|, elementwise.
type Abs struct{}

func (Abs) Kind() string { return "Abs" }

func (l Abs) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (Abs) Forward32(c *Call[float32]) { abs(c) }
func (Abs) Forward64(c *Call[float64]) { abs(c) }

func abs[T tensor.Float](c *Call[T]) {
	elementwise(c, func(v T) T { return T(math.Abs(float64(v))) })
}

func (Abs) Backward32(g *Gradient[float32]) { absBackward(g) }
func (Abs) Backward64(g *Gradient[float64]) { absBackward(g) }

// absBackward: the gradient at 0 is 0, as in Caffe and TensorFlow, unless dy is not finite.
func absBackward[T tensor.Float](g *Gradient[T]) {
	elementwiseBackward(g, func(x, _, d T) T {
		switch {
		case x > 0:
			return d
		case x < 0:
			return -d
		}
		return 0 * d
	})
}
