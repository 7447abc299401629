package filler

import (
	"math"
	"math/rand/v2"
)

// TruncatedLaw is the normal distribution of a mean Mu and a standard deviation Sigma, without what lies two Sigma or more off.
type TruncatedLaw struct{ Mu, Sigma float64 }

// TruncatedStd is the standard deviation of a standard normal distribution cut off at two: sqrt(1 - 4 phi(2) / P(|z| < 2)).
const TruncatedStd = 0.87962566103423978

func (l TruncatedLaw) Mean() float64 { return l.Mu }
func (l TruncatedLaw) Std() float64  { return TruncatedStd * l.Sigma }

func (l TruncatedLaw) Support() (lo, hi float64) { return l.Mu - 2*l.Sigma, l.Mu + 2*l.Sigma }

func (l TruncatedLaw) CDF(x float64) float64 {
	z := min(max((x-l.Mu)/l.Sigma, -2), 2)
	return (1 + math.Erf(z/math.Sqrt2)/math.Erf(math.Sqrt2)) / 2
}

func (l TruncatedLaw) draw(r *rand.Rand) float64 {
	for {
		if z := r.NormFloat64(); math.Abs(z) < 2 {
			return l.Mu + l.Sigma*z
		}
	}
}
