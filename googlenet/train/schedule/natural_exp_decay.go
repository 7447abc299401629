package schedule

import (
	"math"

	"parity/googlenet/layer"
)

// NaturalExpDecay is Base exp(-Factor)^(i/Steps) at iteration i; with Staircase the exponent is a whole number, rounded down.
type NaturalExpDecay struct {
	Base, Steps, Factor float64
	Staircase           bool
}

func (NaturalExpDecay) Name() string { return "natural_exp_decay" }

func (NaturalExpDecay) Step(_, step int) int { return step }

func (p NaturalExpDecay) Rate64(iteration, step int) float64 {
	return float64(p.Rate32(iteration, step))
}

func (p NaturalExpDecay) Rate32(iteration, _ int) float32 {
	factor := float32(math.Exp(float64(-float32(p.Factor))))
	return float32(p.Base) * power(factor, passed(iteration, p.Steps, p.Staircase))
}

// Attributes lists the rate, the iterations of a decay, its exponent and whether it goes by steps.
func (p NaturalExpDecay) Attributes() []layer.Attribute {
	list := []layer.Attribute{number("base", p.Base), number("steps", p.Steps), number("factor", p.Factor)}
	return append(list, flag("staircase", p.Staircase)...)
}
