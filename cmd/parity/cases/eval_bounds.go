package cases

import (
	"math"
	"slices"
	"strings"

	"parity/googlenet/bound"
	"parity/googlenet/retrieval"
	"parity/googlenet/tensor"
)

// scoreLimit is how far two float64 means over the queries may be apart. A recall is a quotient of counts, rounded once; the
// others add up at most R quotients a query and then the queries, on either side.
func scoreLimit(key string, v float64, labels []int, queries int) float64 {
	switch {
	case key == "lone_queries":
		return 0
	case strings.HasPrefix(key, "recall@"):
		return v * bound.U64
	}
	return 2 * bound.Gamma(largestClass(labels)+queries+4, bound.U64) * v
}

func largestClass(labels []int) int {
	size := map[int]int{}
	most := 0
	for _, l := range labels {
		size[l]++
		most = max(most, size[l])
	}
	return most
}

// clusterLimits are those of a clustering.
type clusterLimits struct {
	centres *tensor.Tensor[float64]
	inertia float64
}

// clusterLimits bound the rounding of either side, given the assignments. With A the largest magnitude in a column, a row less
// the mean of all is below 2 A, and off by 4 u A where the rows themselves were rounded; a mean over the m rows of a centre adds
// gamma_m 2 A, another one for the sum that a row was taken from, and three roundings for its division and for the mean that is
// added again. The inertia adds up n squares of rows of d numbers x - c that are off by e: its error is at most
// sum 2 |x - c| e + e^2 and gamma_(n+d+2) of itself, where sum |x - c| <= sqrt(n inertia) in each column.
func (j *evalJudge) clusterLimits(c *retrieval.Clusters) clusterLimits {
	x := tensor.As[float64](j.set.Features)
	d, n := x.Shape[1], x.Shape[0]
	largest := make([]float64, d)
	for i, v := range x.Data {
		largest[i%d] = max(largest[i%d], math.Abs(v))
	}
	if j.options.Normalize {
		for i := range largest {
			largest[i] = 1
		}
	}
	l := clusterLimits{centres: tensor.New[float64](c.Centres.Shape...)}
	e := make([]float64, d)
	for at := range l.centres.Data {
		rows := 0
		for _, a := range c.Assignments {
			if a == at/d {
				rows++
			}
		}
		limit := 2 * 2 * bound.Gamma(2*rows+d+8, bound.U64) * largest[at%d]
		l.centres.Data[at] = limit
		e[at%d] = max(e[at%d], limit)
	}
	for _, v := range e {
		l.inertia += 2*math.Sqrt(float64(n)*c.Inertia)*v + float64(n)*v*v
	}
	l.inertia += 2 * bound.Gamma(n+d+2, bound.U64) * c.Inertia
	return l
}

// agreementLimit are those of what a clustering says about classes.
type agreementLimit struct{ arithmetic, geometric, adjusted float64 }

// Roundings of a logarithm, of exp and of log i! in units of u. Log i! is computed by Stirling's series or a table; both this
// library's and Cephes' stay below.
const (
	kLog          = 2
	kExp          = 2
	kLogFactorial = 4
)

// agreementLimits bound the rounding of either side. With L = log n, which no logarithm of a fraction of rows exceeds but for
// the factor of 2 of a product of two:
//
//   - an entropy of m sizes, sum p log p: (kLog + 4) u for each logarithm, and gamma_m, of at most L.
//   - the mutual information of m pairs: each has at most four logarithms of at most 2 L and five roundings, weighted with p.
//   - its expectation, over all m that two sizes may have in common: the exponents of up to four factorials close to n! are off by
//     (4 (kLogFactorial + 1) + 16) u log n!, and what they multiply, m / n times logarithms of at most 2 L, adds up to 2 L at most.
//
// A quotient a / b of two numbers that are off by da and db is off by (da + |a / b| db) / (b - db).
func agreementLimits(a *retrieval.Agreement, n, clusters int) agreementLimit {
	l := math.Log(float64(max(n, 2)))
	factorial, _ := math.Lgamma(float64(n) + 1)
	entropy := 2 * (bound.Gamma(n+4+kLog, bound.U64)) * l
	mutual := 2 * bound.Gamma(a.Pairs+4*kLog+5, bound.U64) * 4 * l
	exponent := (4*(kLogFactorial+1) + 16) * bound.U64 * factorial
	expected := 2 * (exponent + bound.Gamma(n*min(n, clusters)+4*kLog+kExp+5, bound.U64)) * 2 * l
	quotient := func(top, dTop, bottom, dBottom float64) float64 {
		if !(bottom > dBottom) {
			return 0 // both sides treat it as a special case
		}
		return (dTop+math.Abs(top/bottom)*dBottom)/(bottom-dBottom) + 4*bound.U64
	}
	mean, root := (a.Labels+a.Clusters)/2, math.Sqrt(a.Labels*a.Clusters)
	limit := agreementLimit{
		arithmetic: quotient(a.MutualInformation, mutual, mean, entropy+2*bound.U64*mean),
		geometric:  quotient(a.MutualInformation, mutual, root, rootLimit(a, entropy)),
		adjusted:   quotient(a.MutualInformation-a.Expected, mutual+expected, mean-a.Expected, entropy+2*bound.U64*mean+expected),
	}
	return limit
}

// rootLimit bounds the root of a product of entropies: an error of e in one is at most sqrt(b / a) e / 2 in the root, to first
// order, and less than sqrt(b / a) e.
func rootLimit(a *retrieval.Agreement, e float64) float64 {
	sizes := []float64{a.Labels, a.Clusters}
	if slices.Min(sizes) <= e {
		return 0
	}
	return (math.Sqrt(a.Labels/a.Clusters)+math.Sqrt(a.Clusters/a.Labels))*e + 2*bound.U64*math.Sqrt(a.Labels*a.Clusters)
}
