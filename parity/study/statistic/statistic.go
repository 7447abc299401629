// Package statistic says how sure a number is: intervals of fractions, means and differences, and tests that suit the few runs
// and images that a study has.
package statistic

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Level is the confidence level of every interval.
const Level = 0.95

// Interval holds the true value with a probability of Level.
type Interval struct{ Low, High float64 }

// Holds reports whether a value is in the interval.
func (i Interval) Holds(v float64) bool { return i.Low <= v && v <= i.High }

// quantile is that of the normal distribution for a two-sided interval at Level.
func quantile() float64 { return distuv.UnitNormal.Quantile((1 + Level) / 2) }

// Wilson is the interval of a fraction of which k out of n were seen (Wilson 1927). Unlike the plain one it does not shrink to
// a point at 0 and at n.
func Wilson(k, n int) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	z := quantile()
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	i := Interval{max(0, centre-half), min(1, centre+half)}
	if k == 0 { // what rounding leaves of centre - half
		i.Low = 0
	}
	if k == n {
		i.High = 1
	}
	return i
}

// Mean is the mean of some numbers with its interval by Student's t, which is open for a single number.
func Mean(x []float64) (mean float64, i Interval) {
	n := float64(len(x))
	if n == 0 {
		return math.NaN(), Interval{math.NaN(), math.NaN()}
	}
	mean = sum(x) / n
	if n == 1 {
		return mean, Interval{math.Inf(-1), math.Inf(1)}
	}
	half := Deviation(x) / math.Sqrt(n)
	if half > 0 {
		half *= distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile((1 + Level) / 2)
	}
	return mean, Interval{mean - half, mean + half}
}

// Deviation is the standard deviation of a sample, NaN of fewer than two numbers.
func Deviation(x []float64) float64 {
	mean, squares := sum(x)/float64(len(x)), 0.0
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	return math.Sqrt(squares / float64(len(x)-1))
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

// Pairs counts how the same n objects fare twice: those that are right both times, those that were lost, and those that were
// gained.
type Pairs struct{ Both, Lost, Gained, Neither int }

// Add counts one object.
func (p *Pairs) Add(before, after bool) {
	switch {
	case before && after:
		p.Both++
	case before:
		p.Lost++
	case after:
		p.Gained++
	default:
		p.Neither++
	}
}

// N is the number of objects.
func (p Pairs) N() int { return p.Both + p.Lost + p.Gained + p.Neither }

// Difference is the fraction after minus that before, with Newcombe's interval (method 10 of Newcombe, Interval estimation for
// the difference between paired proportions, 1998): it is made of the Wilson intervals of both fractions and their correlation.
func (p Pairs) Difference() (d float64, i Interval) {
	n := p.N()
	if n == 0 {
		return math.NaN(), Interval{-1, 1}
	}
	before, after := float64(p.Both+p.Lost)/float64(n), float64(p.Both+p.Gained)/float64(n)
	b, a := Wilson(p.Both+p.Lost, n), Wilson(p.Both+p.Gained, n)
	d = float64(p.Gained-p.Lost) / float64(n)
	phi := p.correlation()
	apart := func(x, y float64) float64 { return math.Sqrt(max(0, x*x-2*phi*x*y+y*y)) }
	return d, Interval{d - apart(after-a.Low, b.High-before), d + apart(a.High-after, before-b.Low)}
}

// correlation is phi of the table with Newcombe's correction of half an object in each direction where it is positive.
func (p Pairs) correlation() float64 {
	a, b, c, d := float64(p.Both), float64(p.Lost), float64(p.Gained), float64(p.Neither)
	margins := (a + b) * (c + d) * (a + c) * (b + d)
	if margins == 0 {
		return 0
	}
	cross := a*d - b*c
	if cross > 0 {
		cross = max(0, cross-float64(p.N())/2)
	}
	return cross / math.Sqrt(margins)
}

// McNemar is the exact two-sided p-value of as many gained and lost objects where either is as likely: a binomial test of those
// that changed. It is 1 where none did.
func (p Pairs) McNemar() float64 {
	n := p.Lost + p.Gained
	if n == 0 {
		return 1
	}
	tail := distuv.Binomial{N: float64(n), P: 0.5}.CDF(float64(min(p.Lost, p.Gained)))
	return min(1, 2*tail)
}

// SignFlip is the exact two-sided p-value of paired differences of which each is as likely to have the other sign: the share of
// all 2^n choices of signs with a sum at least as far from zero. The least that n differences that are not zero can give is
// 2^(1-n). It takes at most 20 of them.
func SignFlip(d []float64) float64 {
	d = slices.DeleteFunc(slices.Clone(d), func(v float64) bool { return v == 0 })
	if len(d) == 0 {
		return 1
	}
	largest := 0.0
	for _, v := range d {
		largest += math.Abs(v)
	}
	// Sums of the same numbers in the other order differ by roundings.
	seen := math.Abs(sum(d)) - float64(len(d))*0x1p-52*largest
	extreme := 0
	for signs := range 1 << len(d) {
		s := 0.0
		for i, v := range d {
			if signs>>i&1 == 1 {
				v = -v
			}
			s += v
		}
		if math.Abs(s) >= seen {
			extreme++
		}
	}
	return float64(extreme) / float64(int(1)<<len(d))
}

// Holm adjusts p-values for being several (Holm 1979): those that stay below a level are wrong together with a probability of at
// most that level.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	adjusted, least := make([]float64, len(p)), 0.0
	for rank, i := range order {
		least = max(least, min(1, p[i]*float64(len(p)-rank)))
		adjusted[i] = least
	}
	return adjusted
}
