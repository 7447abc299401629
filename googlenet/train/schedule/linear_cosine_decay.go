package schedule

import "parity/googlenet/layer"

// LinearCosineDecay is Base ((Alpha + 1 - i/Steps) (1 + cos(2 pi Periods i/Steps)) / 2 + Beta) at iteration i, and stays as it
// is at Steps from there on (Bello et al., Neural optimizer search with reinforcement learning, 2017).
type LinearCosineDecay struct{ Base, Steps, Periods, Alpha, Beta float64 }

func (LinearCosineDecay) Name() string { return "linear_cosine_decay" }

func (LinearCosineDecay) Step(_, step int) int { return step }

func (p LinearCosineDecay) Rate64(iteration, step int) float64 {
	return float64(p.Rate32(iteration, step))
}

func (p LinearCosineDecay) Rate32(iteration, _ int) float32 {
	steps := float32(p.Steps)
	i := min(float32(iteration), steps)
	wave := 0.5 * (1 + cosine(float32(2*p.Periods)*(i/steps)))
	return float32(p.Base) * (float32((float32(p.Alpha)+(steps-i)/steps)*wave) + float32(p.Beta))
}

// Attributes lists the rate, the number of iterations, the periods of the cosine in them, and what is added to the linear
// decay and to the product.
func (p LinearCosineDecay) Attributes() []layer.Attribute {
	return []layer.Attribute{
		number("base", p.Base), number("steps", p.Steps), number("periods", p.Periods), number("alpha", p.Alpha), number("beta", p.Beta),
	}
}
