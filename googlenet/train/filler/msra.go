package filler

import (
	"math"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// MSRA draws from the normal distribution of mean 0 and variance 2 / n (He, Zhang, Ren, Sun 2015).
type MSRA struct{ Norm VarianceNorm }

func (f MSRA) Law(s tensor.Shape) (Law, error) {
	if err := checkMatrix(s); err != nil {
		return nil, err
	}
	return NormalLaw{0, f.std(s), 1}, nil
}

func (f MSRA) std(s tensor.Shape) float64 { return math.Sqrt(2 / f.Norm.fan(s)) }

func (f MSRA) Draw(r *rand.Rand, s tensor.Shape, to []float64) {
	std := f.std(s)
	each(to, func() float64 { return std * r.NormFloat64() })
}
