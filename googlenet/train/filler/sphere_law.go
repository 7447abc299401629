package filler

import "math"

// SphereLaw is a coordinate of a point that lies anywhere on the sphere of a Radius in N dimensions. In units of the radius it
// has a density that goes as (1 - x^2)^((N-3)/2).
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
	case x == -l.Radius:
		return 0
	}
	t := math.Abs(x) / l.Radius
	return (1 + math.Copysign(l.within(t), x)) / 2
}

// within is the probability of a magnitude of at most t radii. The integral over (1 - u^2)^m from 0 to t obeys, by parts,
// (2m+1) I_m = t (1 - t^2)^m + 2m I_(m-1), so that with the integral to 1, B_m = 2m/(2m+1) B_(m-1), all terms being positive,
//
//	I_m / B_m = I_(m-1) / B_(m-1) + t (1 - t^2)^m / ((2m+1) B_m)
//
// which begins at m = 0, where the law is uniform, or m = -1/2, where it is the arcsine's.
func (l SphereLaw) within(t float64) float64 {
	m, whole, share := 0.0, 1.0, t
	if l.N%2 == 0 {
		m, whole, share = -0.5, math.Pi/2, 2/math.Pi*math.Asin(t)
	}
	c := 1 - t*t
	power := t * math.Pow(c, m)
	for m++; m <= float64(l.N-3)/2; m++ {
		whole *= 2 * m / (2*m + 1)
		power *= c
		share += power / ((2*m + 1) * whole)
	}
	return min(share, 1)
}
