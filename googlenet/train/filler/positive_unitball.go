package filler

import (
	"fmt"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// PositiveUnitball draws uniformly from [0, 1] and divides each output's weights by their sum, so that they add up to 1.
type PositiveUnitball struct{}

func (f PositiveUnitball) Law(s tensor.Shape) (Law, error) {
	if len(s) == 0 {
		return nil, fmt.Errorf("positive_unitball needs at least one axis")
	}
	if err := checkElements(s); err != nil {
		return nil, err
	}
	return ShareLaw{s[1:].Len()}, nil
}

func (f PositiveUnitball) Draw(r *rand.Rand, s tensor.Shape, to []float64) {
	n := s[1:].Len()
	for row := 0; row < len(to); row += n {
		weights, sum := to[row:row+n], 0.0
		each(weights, r.Float64)
		for _, v := range weights {
			sum += v
		}
		for i := range weights {
			weights[i] /= sum
		}
	}
}
