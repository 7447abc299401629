package schedule

import (
	"math"

	"parity/googlenet/layer"
)

// CosineDecay is Base ((1 - Alpha) (1 + cos(pi i/Steps)) / 2 + Alpha) at iteration i, and stays at Base Alpha from Steps on
// (Loshchilov and Hutter, SGDR, 2016).
type CosineDecay struct{ Base, Steps, Alpha float64 }

func (CosineDecay) Name() string { return "cosine_decay" }

func (CosineDecay) Step(_, step int) int { return step }

func (p CosineDecay) Rate64(iteration, step int) float64 { return float64(p.Rate32(iteration, step)) }

func (p CosineDecay) Rate32(iteration, _ int) float32 {
	done := min(float32(iteration), float32(p.Steps)) / float32(p.Steps)
	return float32(p.Base) * above(p.Alpha, 0.5*(1+cosine(done)))
}

// Attributes lists the rate, the number of iterations and the share of the rate that is left at the end.
func (p CosineDecay) Attributes() []layer.Attribute {
	return []layer.Attribute{number("base", p.Base), number("steps", p.Steps), number("alpha", p.Alpha)}
}

// cosine is cos(pi x).
func cosine(x float32) float32 { return float32(math.Cos(float64(float32(math.Pi) * x))) }

// above is (1 - alpha) x + alpha.
func above(alpha float64, x float32) float32 { return float32(float32(1-alpha)*x) + float32(alpha) }
