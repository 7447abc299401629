package schedule

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Poly is Base (1 - i/Iterations)^Power at iteration i; it reaches zero at Iterations, and is not a number after it
// unless the power is whole.
type Poly struct {
	Base, Power float64
	Iterations  int // at least 1
}

func (Poly) Name() string { return "poly" }

func (Poly) Step(_, step int) int { return step }

func (p Poly) Rate32(iteration, _ int) float32 { return poly[float32](p, iteration) }
func (p Poly) Rate64(iteration, _ int) float64 { return poly[float64](p, iteration) }

// Attributes lists the rate, the power and the number of iterations.
func (p Poly) Attributes() []layer.Attribute {
	return []layer.Attribute{number("base", p.Base), number("power", p.Power), count("iterations", p.Iterations)}
}

func poly[T tensor.Float](p Poly, iteration int) T {
	x := 1 - T(iteration)/T(p.Iterations)
	return T(p.Base) * T(math.Pow(float64(x), p.Power))
}
