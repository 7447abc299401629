package cases

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/train/filler"
	"parity/parity/replay"
)

// sampled is a tensor of random draws beside the law that they should follow.
type sampled struct {
	*drawn
	law       filler.Law
	mean, std float64 // of the law
	// independent is the number of independent draws that averages are as precise as.
	independent float64
	grid        []cell // made on demand
}

// cell is a small part of a law's range: its middle, in standard deviations from the mean, and its probability.
type cell struct{ z, p float64 }

func (s *sampled) comparisons() ([]comparison, error) {
	lo, hi := s.law.Support()
	list := []comparison{
		s.exactly("least", max(lo-s.Min, 0), 0, s.rounding(lo)), s.exactly("most", max(s.Max-hi, 0), 0, s.rounding(hi)),
		s.moment("mean", s.Mean, s.mean, func(z float64) float64 { return z * s.std }),
		s.standardDeviation(),
		s.frequency("zeros", float64(s.Zeros), s.law.CDF(s.rounding(0))-s.law.CDF(-s.rounding(0))),
	}
	for name, v := range s.Quantiles {
		q, err := strconv.ParseFloat(name, 64)
		if err != nil {
			return nil, err
		}
		list = append(list, s.quantile(name, q, v))
	}
	if s.Kurtosis != nil && s.std > 0 {
		list = append(list, s.kurtosis())
	}
	if len(s.Histogram) > 0 {
		c, err := s.histogram()
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	for what, v := range map[string]*float64{"least sum of a row": s.RowMin, "most sum of a row": s.RowMax} {
		if v != nil {
			list = append(list, s.exactly(what, *v, 1, precise))
		}
	}
	if s.Gram != nil {
		list = append(list, s.exactly("product with itself", *s.Gram, 0, 10*precise))
	}
	return list, nil
}

// rounding is how far a recorded number may be from the element that it is; never nothing, so as to see what a law has at one
// place alone.
func (s *sampled) rounding(x float64) float64 {
	if math.IsInf(x, 0) {
		return 0
	}
	return precise*(math.Abs(x)+s.std) + math.SmallestNonzeroFloat64
}

// moment compares an average of a function of the draws, which is normally distributed for many draws; spread is the standard
// deviation of the function as a function of z = (x - mean) / std.
func (s *sampled) moment(what string, got, want float64, spread func(z float64) float64) comparison {
	deviation := math.Sqrt(s.expected(func(z float64) float64 { return spread(z) * spread(z) }) / s.independent)
	return comparison{s.name + " " + what, func(significance float64) float64 {
		return replay.Ratio(math.Abs(got-want), normalQuantile(significance)*deviation+s.rounding(want))
	}}
}

// normalQuantile is the number of standard deviations that are exceeded, up or down, with a probability.
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfcinv(p) }

// standardDeviation: an average of z^2 is off by the standard deviation of z^2 over sqrt(n), its root by half of that. All
// squares of an orthogonal matrix add up to the same.
func (s *sampled) standardDeviation() comparison {
	std, off := s.std, s.Mean-s.mean
	if _, ok := s.law.(filler.SphereLaw); ok {
		return s.exactly("standard deviation", s.Std, std, s.rounding(std)+off*off/std)
	}
	return s.moment("standard deviation", s.Std, std, func(z float64) float64 { return std * (z*z - 1) / 2 })
}

// kurtosis: what a draw of z adds to the fourth moment in units of the squared variance (its influence function) is
// z^4 - k - 2 k (z^2 - 1) - 4 g z, with the kurtosis k and the skewness g.
func (s *sampled) kurtosis() comparison {
	g := s.expected(func(z float64) float64 { return z * z * z })
	k := s.expected(func(z float64) float64 { return z * z * z * z })
	c := s.moment("kurtosis", *s.Kurtosis, k, func(z float64) float64 { return z*z*z*z - k - 2*k*(z*z-1) - 4*g*z })
	return c
}

// cells is the number of parts that the range of a law is divided into for expected; what lies outside has a probability below
// negligible on either side.
const (
	cells      = 2000
	negligible = 1e-14
)

// expected is the mean of a function of z = (x - mean) / std.
func (s *sampled) expected(f func(z float64) float64) float64 {
	if s.grid == nil {
		s.makeGrid()
	}
	sum := 0.0
	for _, c := range s.grid {
		sum += f(c.z) * c.p
	}
	return sum
}

func (s *sampled) makeGrid() {
	reach := 12.0
	for s.law.CDF(s.mean-reach*s.std) > negligible || s.law.CDF(s.mean+reach*s.std) < 1-negligible {
		reach *= 2
	}
	lo, hi := s.law.Support()
	lo, hi = max((lo-s.mean)/s.std, -reach), min((hi-s.mean)/s.std, reach)
	before := 0.0
	for i := range cells {
		at := func(part float64) float64 { return lo + (hi-lo)*(float64(i)+part)/cells }
		below := s.law.CDF(s.mean + s.std*at(1))
		s.grid = append(s.grid, cell{at(0.5), below - before})
		before = below
	}
}

// quantile compares F(x) with the share of draws that are at most x. Of n draws the k-th and the one after it enclose the
// q-quantile, k - 1 = floor(q (n - 1)), so that the share is k/n, but for what rounding makes of x and of ties.
func (s *sampled) quantile(name string, q, x float64) comparison {
	n := float64(s.N)
	share := (math.Floor(q*(n-1)+1e-9) + 1) / n
	lo, hi := s.law.CDF(x-s.rounding(x)), s.law.CDF(x+s.rounding(x))
	return s.frequency("quantile "+name, share*n, min(max(share, lo), hi))
}

// frequency compares how often something of probability p has happened in the draws. By Chernoff's bound, for independent
// draws or averages of others, it is so far from p or farther with probability 2 exp(-n D(k/n || p)) at most, D being the
// relative entropy.
func (s *sampled) frequency(what string, times, p float64) comparison {
	d := s.independent * entropy(times/float64(s.N), p)
	return comparison{s.name + " " + what, func(significance float64) float64 {
		return math.Sqrt(replay.Ratio(d, math.Log(2/significance)))
	}}
}

// entropy is D(q || p) of two coins.
func entropy(q, p float64) float64 {
	part := func(q, p float64) float64 {
		if q == 0 {
			return 0
		}
		return q * math.Log(q/p)
	}
	return max(part(q, p)+part(1-q, 1-p), 0)
}

// histogram is a test of Kolmogorov and Smirnov at the edges of the bins: a distance d of n independent draws is exceeded with
// probability 2 exp(-2 n d^2) at most, at whatever edges (Dvoretzky, Kiefer, Wolfowitz 1956; the constant: Massart 1990).
func (s *sampled) histogram() (comparison, error) {
	if len(s.Edges) != len(s.Histogram)+1 {
		return comparison{}, fmt.Errorf("the histogram has %d bins and %d edges", len(s.Histogram), len(s.Edges))
	}
	worst, below := 0.0, 0.0
	for i, count := range s.Histogram {
		below += float64(count)
		edge := s.Edges[i+1]
		lo, hi := s.law.CDF(edge-s.rounding(edge)), s.law.CDF(edge+s.rounding(edge))
		share := below / float64(s.N)
		worst = max(worst, lo-share, share-hi)
	}
	return comparison{s.name + " histogram", func(significance float64) float64 {
		return worst / math.Sqrt(math.Log(2/significance)/2/s.independent)
	}}, nil
}
