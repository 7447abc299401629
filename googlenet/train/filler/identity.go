package filler

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"parity/googlenet/tensor"
)

// Identity fills a matrix with Gain on its diagonal and zero elsewhere.
type Identity struct{ Gain float64 }

func (f Identity) Law(s tensor.Shape) (Law, error) {
	if len(s) != 2 {
		return nil, fmt.Errorf("identity fills matrices, got %v", s)
	}
	if err := checkElements(s); err != nil {
		return nil, err
	}
	values := make([]float64, s.Len())
	f.Draw(nil, s, values)
	slices.Sort(values)
	return ValuesLaw(values), nil
}

func (f Identity) Draw(_ *rand.Rand, s tensor.Shape, to []float64) {
	for i := range to {
		if to[i] = 0; i/s[1] == i%s[1] {
			to[i] = f.Gain
		}
	}
}
