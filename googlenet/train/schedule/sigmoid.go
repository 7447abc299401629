package schedule

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Sigmoid is Base / (1 + exp(-Gamma (i - Middle))) at iteration i. A positive Gamma makes the rate grow.
type Sigmoid struct {
	Base, Gamma float64
	Middle      int
}

func (Sigmoid) Name() string { return "sigmoid" }

func (Sigmoid) Step(_, step int) int { return step }

func (p Sigmoid) Rate32(iteration, _ int) float32 { return sigmoid[float32](p, iteration) }
func (p Sigmoid) Rate64(iteration, _ int) float64 { return sigmoid[float64](p, iteration) }

// Attributes lists the rate, the steepness and the iteration in the middle.
func (p Sigmoid) Attributes() []layer.Attribute {
	return []layer.Attribute{number("base", p.Base), number("gamma", p.Gamma), count("middle", p.Middle)}
}

func sigmoid[T tensor.Float](p Sigmoid, iteration int) T {
	x := -T(p.Gamma) * (T(iteration) - T(p.Middle))
	return T(p.Base) * (1 / (1 + T(math.Exp(float64(x)))))
}
