package schedule

import "parity/googlenet/layer"

// InverseTimeDecay is Base / (1 + Factor i/Steps) at iteration i; with Staircase i/Steps is a whole number, rounded down.
type InverseTimeDecay struct {
	Base, Steps, Factor float64
	Staircase           bool
}

func (InverseTimeDecay) Name() string { return "inverse_time_decay" }

func (InverseTimeDecay) Step(_, step int) int { return step }

func (p InverseTimeDecay) Rate64(iteration, step int) float64 {
	return float64(p.Rate32(iteration, step))
}

func (p InverseTimeDecay) Rate32(iteration, _ int) float32 {
	return float32(p.Base) / (1 + float32(float32(p.Factor)*passed(iteration, p.Steps, p.Staircase)))
}

// Attributes lists the rate, the iterations of a decay, what it adds to the divisor and whether it goes by steps.
func (p InverseTimeDecay) Attributes() []layer.Attribute {
	list := []layer.Attribute{number("base", p.Base), number("steps", p.Steps), number("factor", p.Factor)}
	return append(list, flag("staircase", p.Staircase)...)
}
