package filler

import (
	"fmt"
	"math"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// Distribution is the shape of what VarianceScaling draws.
type Distribution int

// Truncated is a normal distribution cut off at two standard deviations, wider beforehand by what the cut takes; Untruncated
// one that is not; Even the uniform one.
const (
	Truncated Distribution = iota
	Untruncated
	Even
)

// VarianceScaling draws with mean 0 and variance Scale / n, as TensorFlow does for Glorot's, He's and LeCun's initialisers
// too. The connections n are counted in weights [kernel..., inputs, outputs], which is how TensorFlow stores them.
type VarianceScaling struct {
	Scale        float64
	Norm         VarianceNorm
	Distribution Distribution
}

func (f VarianceScaling) Law(s tensor.Shape) (Law, error) {
	if !(f.Scale > 0) {
		return nil, fmt.Errorf("variance_scaling needs a positive scale, got %g", f.Scale)
	}
	if err := checkElements(s); err != nil {
		return nil, err
	}
	std := math.Sqrt(f.Scale / max(f.Norm.of(lastFans(s)), 1))
	switch f.Distribution {
	case Untruncated:
		return NormalLaw{0, std, 1}, nil
	case Even:
		a := math.Sqrt(3) * std
		return UniformLaw{-a, a}, nil
	}
	return TruncatedLaw{0, std / TruncatedStd}, nil
}

// lastFans counts the connections where the inputs and outputs are the last two axes. One axis alone counts for both.
func lastFans(s tensor.Shape) (in, out float64) {
	switch n := len(s); n {
	case 0:
		return 1, 1
	case 1:
		return float64(s[0]), float64(s[0])
	default:
		kernel := float64(s[:n-2].Len())
		return kernel * float64(s[n-2]), kernel * float64(s[n-1])
	}
}

func (f VarianceScaling) Draw(r *rand.Rand, s tensor.Shape, to []float64) {
	law, _ := f.Law(s)
	each(to, func() float64 {
		switch l := law.(type) {
		case NormalLaw:
			return l.Sigma * r.NormFloat64()
		case UniformLaw:
			return l.draw(r.Float64())
		}
		return law.(TruncatedLaw).draw(r)
	})
}
