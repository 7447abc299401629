package filler

import (
	"fmt"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// Uniform draws uniformly from [Min, Max].
type Uniform struct{ Min, Max float64 }

func (f Uniform) Law(s tensor.Shape) (Law, error) {
	if f.Min > f.Max {
		return nil, fmt.Errorf("uniform from %g to %g is empty", f.Min, f.Max)
	}
	return f.law(), checkElements(s)
}

func (f Uniform) law() UniformLaw { return UniformLaw{f.Min, f.Max} }

func (f Uniform) Draw(r *rand.Rand, _ tensor.Shape, to []float64) {
	each(to, func() float64 { return f.law().draw(r.Float64()) })
}
