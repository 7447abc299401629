package schedule

import (
	"math"

	"parity/googlenet/layer"
)

// CosineDecayRestarts is CosineDecay that starts again after Steps iterations, then after Steps Longer, Steps Longer^2 and so
// on, at Lower times the rate each time (Loshchilov and Hutter, SGDR, 2016).
type CosineDecayRestarts struct{ Base, Steps, Longer, Lower, Alpha float64 }

func (CosineDecayRestarts) Name() string { return "cosine_decay_restarts" }

func (CosineDecayRestarts) Step(_, step int) int { return step }

func (p CosineDecayRestarts) Rate64(iteration, step int) float64 {
	return float64(p.Rate32(iteration, step))
}

func (p CosineDecayRestarts) Rate32(iteration, _ int) float32 {
	done := float32(iteration) / float32(p.Steps)
	restarts := float32(math.Floor(float64(done)))
	if longer := float32(p.Longer); longer == 1 {
		done -= restarts
	} else {
		restarts = float32(math.Floor(float64(logarithm(1-float32(done*(1-longer))) / logarithm(longer))))
		length := power(longer, restarts)
		done = (done - (1-length)/(1-longer)) / length
	}
	cycle := float32(0.5*power(float32(p.Lower), restarts)) * (1 + cosine(done))
	return float32(p.Base) * above(p.Alpha, cycle)
}

func logarithm(x float32) float32 { return float32(math.Log(float64(x))) }

// Attributes lists the rate, the iterations before the first restart, the factors of their number and of the rate at each
// restart, and the share of the rate that is left at the end.
func (p CosineDecayRestarts) Attributes() []layer.Attribute {
	return []layer.Attribute{
		number("base", p.Base), number("steps", p.Steps), number("longer", p.Longer), number("lower", p.Lower), number("alpha", p.Alpha),
	}
}
