package filler

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// SphereLaw is a coordinate of a point that lies anywhere on the sphere of a Radius in N dimensions: the square of it, over that
// of the radius, is beta distributed with parameters 1/2 and (N-1)/2.
type SphereLaw struct {
	N      int
	Radius float64
}

// Mean is 0: a point is as likely as the opposite one.
func (l SphereLaw) Mean() float64 { return 0 }

// Std: the N squares are alike and add up to Radius^2.
func (l SphereLaw) Std() float64 { return l.Radius / math.Sqrt(float64(l.N)) }

func (l SphereLaw) Support() (lo, hi float64) { return -l.Radius, l.Radius }

func (l SphereLaw) CDF(x float64) float64 {
	switch {
	case x >= l.Radius:
		return 1
	case x < -l.Radius:
		return 0
	case l.N == 1:
		return 0.5
	}
	inside := mathext.RegIncBeta(0.5, float64(l.N-1)/2, x*x/(l.Radius*l.Radius))
	return (1 + math.Copysign(inside, x)) / 2
}
