package schedule

import (
	"math"

	"parity/googlenet/layer"
)

// ExponentialDecay is Base Factor^(i/Steps) at iteration i; with Staircase the exponent is a whole number, rounded down. It
// is computed in float32, in a run in float64 too, as all schedules that are named as in tf.compat.v1.train are.
type ExponentialDecay struct {
	Base, Steps, Factor float64
	Staircase           bool
}

func (ExponentialDecay) Name() string { return "exponential_decay" }

func (ExponentialDecay) Step(_, step int) int { return step }

func (p ExponentialDecay) Rate64(iteration, step int) float64 {
	return float64(p.Rate32(iteration, step))
}

func (p ExponentialDecay) Rate32(iteration, _ int) float32 {
	return float32(p.Base) * power(float32(p.Factor), passed(iteration, p.Steps, p.Staircase))
}

// Attributes lists the rate, the iterations of a decay, its factor and whether it goes by steps.
func (p ExponentialDecay) Attributes() []layer.Attribute {
	list := []layer.Attribute{number("base", p.Base), number("steps", p.Steps), number("factor", p.Factor)}
	return append(list, flag("staircase", p.Staircase)...)
}

// passed is how many times steps have passed at an iteration, with whole rounded down.
func passed(iteration int, steps float64, whole bool) float32 {
	q := float32(iteration) / float32(steps)
	if whole {
		return float32(math.Floor(float64(q)))
	}
	return q
}

// power is x^y with one rounding.
func power(x, y float32) float32 { return float32(math.Pow(float64(x), float64(y))) }
