package filler

import (
	"math"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// Xavier draws uniformly from [-a, a], a = sqrt(3 / n), whose variance is 1 / n (Glorot and Bengio 2010, who take Average).
type Xavier struct{ Norm VarianceNorm }

func (f Xavier) Law(s tensor.Shape) (Law, error) {
	if err := checkMatrix(s); err != nil {
		return nil, err
	}
	return f.law(s), nil
}

func (f Xavier) law(s tensor.Shape) UniformLaw {
	a := math.Sqrt(3 / f.Norm.fan(s))
	return UniformLaw{-a, a}
}

func (f Xavier) Draw(r *rand.Rand, s tensor.Shape, to []float64) {
	l := f.law(s)
	each(to, func() float64 { return l.draw(r.Float64()) })
}
