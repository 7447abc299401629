package schedule

import (
	"math"

	"parity/googlenet/layer"
)

// PolynomialDecay is (Base - End) (1 - i/Steps)^Power + End at iteration i, and stays at End from Steps on. With Cycle it
// starts again instead, from where Steps, 2 Steps, 3 Steps ... in place of Steps puts it.
type PolynomialDecay struct {
	Base, Steps, End, Power float64
	Cycle                   bool
}

func (PolynomialDecay) Name() string { return "polynomial_decay" }

func (PolynomialDecay) Step(_, step int) int { return step }

func (p PolynomialDecay) Rate64(iteration, step int) float64 {
	return float64(p.Rate32(iteration, step))
}

func (p PolynomialDecay) Rate32(iteration, _ int) float32 {
	base, end := float32(p.Base), float32(p.End)
	i, steps := p.Span(iteration)
	return float32((base-end)*power(1-float32(i)/float32(steps), float32(p.Power))) + end
}

// Span is an iteration and the number of them that it is counted against.
func (p PolynomialDecay) Span(iteration int) (i, steps float64) {
	i = float64(iteration)
	if !p.Cycle {
		return min(i, p.Steps), p.Steps
	}
	return i, p.Steps * max(math.Ceil(i/p.Steps), 1)
}

// Attributes lists the rate, the number of iterations, the rate at the end, the power and whether it starts again.
func (p PolynomialDecay) Attributes() []layer.Attribute {
	list := []layer.Attribute{number("base", p.Base), number("steps", p.Steps), number("end", p.End), number("power", p.Power)}
	return append(list, flag("cycle", p.Cycle)...)
}
