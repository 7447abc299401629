package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// ELU is x above 0 and Alpha (e^x - 1) below, elementwise (Clevert, Unterthiner, Hochreiter, Fast and accurate deep
// network learning by exponential linear units, 2015).
type ELU struct{ Alpha float64 }

func (ELU) Kind() string { return "ELU" }

func (l ELU) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l ELU) Forward32(c *Call[float32]) { elu(l, c) }
func (l ELU) Forward64(c *Call[float64]) { elu(l, c) }

// Attributes lists alpha.
func (l ELU) Attributes() []Attribute { return []Attribute{{"alpha", number(l.Alpha)}} }

func elu[T tensor.Float](l ELU, c *Call[T]) {
	alpha := T(l.Alpha)
	elementwise(c, func(v T) T {
		if v > 0 {
			return v
		}
		return alpha * T(math.Expm1(float64(v)))
	})
}

func (l ELU) Backward32(g *Gradient[float32]) { eluBackward(l, g) }
func (l ELU) Backward64(g *Gradient[float64]) { eluBackward(l, g) }

// eluBackward: dx = dy above 0 and dy (Alpha + y) at 0 and below.
func eluBackward[T tensor.Float](l ELU, g *Gradient[T]) {
	alpha := T(l.Alpha)
	elementwiseBackward(g, func(x, y, d T) T {
		if x > 0 {
			return d
		}
		return d * (alpha + y)
	})
}
