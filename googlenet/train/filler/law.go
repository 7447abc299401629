package filler

import (
	"math"
	"slices"
)

// Law is the distribution of a number.
type Law interface {
	Mean() float64
	Std() float64
	// Support returns the smallest and the largest value, which may be infinite.
	Support() (lo, hi float64)
	// CDF is the probability of at most x.
	CDF(x float64) float64
}

// UniformLaw has the same density everywhere in [Lo, Hi].
type UniformLaw struct{ Lo, Hi float64 }

func (l UniformLaw) Mean() float64                { return l.Lo + (l.Hi-l.Lo)/2 }
func (l UniformLaw) Std() float64                 { return (l.Hi - l.Lo) / math.Sqrt(12) }
func (l UniformLaw) Support() (lo, hi float64)    { return l.Lo, l.Hi }
func (l UniformLaw) draw(uniform float64) float64 { return l.Lo + (l.Hi-l.Lo)*uniform }

func (l UniformLaw) CDF(x float64) float64 {
	if x >= l.Hi {
		return 1
	}
	return max(x-l.Lo, 0) / (l.Hi - l.Lo)
}

// NormalLaw is the normal distribution of a mean Mu and a standard deviation Sigma, of which a share 1 - P is replaced by zero.
type NormalLaw struct{ Mu, Sigma, P float64 }

func (l NormalLaw) Mean() float64 { return l.P * l.Mu }

// Std: the mean square is P (Sigma^2 + Mu^2).
func (l NormalLaw) Std() float64 { return math.Sqrt(l.P * (l.Sigma*l.Sigma + (1-l.P)*l.Mu*l.Mu)) }

func (l NormalLaw) Support() (lo, hi float64) {
	if l.P == 0 {
		return 0, 0
	}
	return math.Inf(-1), math.Inf(1)
}

func (l NormalLaw) CDF(x float64) float64 {
	p := l.P * math.Erfc((l.Mu-x)/l.Sigma/math.Sqrt2) / 2
	if x >= 0 {
		p += 1 - l.P
	}
	return p
}

// ValuesLaw takes each of its values, which are sorted, equally often.
type ValuesLaw []float64

func (l ValuesLaw) Mean() float64 {
	sum := 0.0
	for _, v := range l {
		sum += v
	}
	return sum / float64(len(l))
}

func (l ValuesLaw) Std() float64 {
	mean, sum := l.Mean(), 0.0
	for _, v := range l {
		sum += (v - mean) * (v - mean)
	}
	return math.Sqrt(sum / float64(len(l)))
}

func (l ValuesLaw) Support() (lo, hi float64) { return l[0], l[len(l)-1] }

func (l ValuesLaw) CDF(x float64) float64 {
	n, _ := slices.BinarySearchFunc(l, x, func(v, x float64) int {
		if v <= x {
			return -1
		}
		return 1
	})
	return float64(n) / float64(len(l))
}
