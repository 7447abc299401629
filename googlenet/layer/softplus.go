package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// Softplus is ln(1 + e^x), elementwise: the binomial normal log likelihood.
type Softplus struct{}

func (Softplus) Kind() string { return "Softplus" }

func (l Softplus) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (Softplus) Forward32(c *Call[float32]) { softplus(c) }
func (Softplus) Forward64(c *Call[float64]) { softplus(c) }

// softplus takes out what would overflow: ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|).
func softplus[T tensor.Float](c *Call[T]) {
	elementwise(c, func(v T) T {
		x := float64(v)
		return T(max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))))
	})
}

func (Softplus) Backward32(g *Gradient[float32]) { softplusBackward(g) }
func (Softplus) Backward64(g *Gradient[float64]) { softplusBackward(g) }

// softplusBackward: dx = dy / (1 + e^-x).
func softplusBackward[T tensor.Float](g *Gradient[T]) {
	elementwiseBackward(g, func(x, _, d T) T { return d * logistic(x) })
}
