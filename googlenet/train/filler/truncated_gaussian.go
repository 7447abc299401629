package filler

import (
	"fmt"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// TruncatedGaussian draws from the normal distribution, again where the draw is two standard deviations or more off the mean.
// Std is that of the distribution before; after it is TruncatedStd times as much.
type TruncatedGaussian struct{ Mean, Std float64 }

func (f TruncatedGaussian) Law(s tensor.Shape) (Law, error) {
	if !(f.Std > 0) {
		return nil, fmt.Errorf("truncated_gaussian needs a positive standard deviation, got %g", f.Std)
	}
	return f.law(), checkElements(s)
}

func (f TruncatedGaussian) law() TruncatedLaw { return TruncatedLaw{f.Mean, f.Std} }

func (f TruncatedGaussian) Draw(r *rand.Rand, _ tensor.Shape, to []float64) {
	each(to, func() float64 { return f.law().draw(r) })
}
