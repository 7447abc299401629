package filler

import (
	"fmt"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// Gaussian draws from the normal distribution. With Sparse from 0 on, each weight is kept with probability Sparse / (extent of
// the first axis, the outputs) and else zero: an input then has Sparse weights on average.
type Gaussian struct {
	Mean, Std float64
	Sparse    int
}

func (f Gaussian) Law(s tensor.Shape) (Law, error) {
	switch {
	case !(f.Std > 0):
		return nil, fmt.Errorf("gaussian needs a positive standard deviation, got %g", f.Std)
	case f.Sparse < Dense:
		return nil, fmt.Errorf("gaussian keeps a number of weights, or with %d all; got %d", Dense, f.Sparse)
	case f.Sparse > Dense && len(s) == 0:
		return nil, fmt.Errorf("sparse gaussian needs at least one axis")
	case f.Sparse > Dense && f.Sparse > s[0]:
		return nil, fmt.Errorf("gaussian cannot keep %d weights of an input with %d outputs", f.Sparse, s[0])
	}
	if err := checkElements(s); err != nil {
		return nil, err
	}
	return NormalLaw{f.Mean, f.Std, f.kept(s)}, nil
}

// kept is the probability that a weight is not replaced by zero.
func (f Gaussian) kept(s tensor.Shape) float64 {
	if f.Sparse == Dense {
		return 1
	}
	return float64(f.Sparse) / float64(s[0])
}

func (f Gaussian) Draw(r *rand.Rand, s tensor.Shape, to []float64) {
	p := f.kept(s)
	each(to, func() float64 {
		v := f.Mean + f.Std*r.NormFloat64()
		if p < 1 && r.Float64() >= p {
			return 0
		}
		return v
	})
}
