package filler

import (
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// Constant fills with one value.
type Constant struct{ Value float64 }

func (f Constant) Law(s tensor.Shape) (Law, error) { return ValuesLaw{f.Value}, checkElements(s) }

func (f Constant) Draw(_ *rand.Rand, _ tensor.Shape, to []float64) {
	each(to, func() float64 { return f.Value })
}
