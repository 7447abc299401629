package schedule

import "parity/googlenet/layer"

// Exp is Base Gamma^i at iteration i.
type Exp struct{ Base, Gamma float64 }

func (Exp) Name() string { return "exp" }

func (Exp) Step(_, step int) int { return step }

func (p Exp) Rate32(iteration, _ int) float32 { return powers[float32](p.Base, p.Gamma, iteration) }
func (p Exp) Rate64(iteration, _ int) float64 { return powers[float64](p.Base, p.Gamma, iteration) }

// Attributes lists the rate and the factor.
func (p Exp) Attributes() []layer.Attribute {
	return []layer.Attribute{number("base", p.Base), number("gamma", p.Gamma)}
}
