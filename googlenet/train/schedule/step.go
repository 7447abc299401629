package schedule

import "parity/googlenet/layer"

// Step is Base Gamma^floor(i/Every) at iteration i.
type Step struct {
	Base, Gamma float64
	Every       int // at least 1
}

func (Step) Name() string { return "step" }

func (p Step) Step(iteration, _ int) int { return iteration / p.Every }

func (p Step) Rate32(_, step int) float32 { return powers[float32](p.Base, p.Gamma, step) }
func (p Step) Rate64(_, step int) float64 { return powers[float64](p.Base, p.Gamma, step) }

// Attributes lists the rate, the factor and how often it applies.
func (p Step) Attributes() []layer.Attribute {
	return []layer.Attribute{number("base", p.Base), number("gamma", p.Gamma), count("every", p.Every)}
}
