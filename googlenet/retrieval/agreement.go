package retrieval

import (
	"fmt"
	"math"
	"slices"
)

// Agreement is how much a clustering says about the classes, in nats.
type Agreement struct {
	MutualInformation float64
	Labels, Clusters  float64 // the entropies of both
	// Expected is the mutual information of clusterings with the same sizes that know nothing [Vinh et al. 2010].
	Expected float64
	// Same: both put all rows together, which counts as perfect.
	Same bool
	// Pairs counts the pairs of a class and a cluster that have rows in common.
	Pairs int
}

// Agree compares a class and a cluster for each row.
func Agree(labels, clusters []int) (*Agreement, error) {
	if len(labels) != len(clusters) || len(labels) == 0 {
		return nil, fmt.Errorf("expected a class and a cluster for each row, found %d and %d", len(labels), len(clusters))
	}
	common := map[[2]int]int{}
	for i, l := range labels {
		common[[2]int{l, clusters[i]}]++
	}
	a, b := sizes(labels), sizes(clusters)
	out := &Agreement{Pairs: len(common), Same: len(a) == 1 && len(b) == 1}
	out.Labels, out.Clusters = entropy(a, len(labels)), entropy(b, len(labels))
	out.MutualInformation = mutualInformation(common, a, b, len(labels))
	if len(a) > 1 && len(b) > 1 {
		out.Expected = expectedInformation(counts(a), counts(b), len(labels))
	}
	return out, nil
}

// NMIArithmetic is the mutual information over the mean of the entropies.
func (a *Agreement) NMIArithmetic() float64 { return a.normalized((a.Labels + a.Clusters) / 2) }

// NMIGeometric is the mutual information over the root of their product.
func (a *Agreement) NMIGeometric() float64 { return a.normalized(math.Sqrt(a.Labels * a.Clusters)) }

func (a *Agreement) normalized(by float64) float64 {
	switch {
	case a.Same:
		return 1
	case a.MutualInformation == 0:
		return 0
	}
	return a.MutualInformation / by
}

// AMI is the mutual information adjusted for chance: (MI - expected MI) / (mean of the entropies - expected MI).
func (a *Agreement) AMI() float64 {
	switch {
	case a.Same:
		return 1
	case a.Labels == 0 || a.Clusters == 0:
		return 0
	}
	return away(a.MutualInformation-a.Expected) / away((a.Labels+a.Clusters)/2-a.Expected)
}

// away keeps what rounding makes of zero from being divided by: as scikit-learn does.
func away(v float64) float64 {
	const least = 0x1p-52
	if v < 0 {
		return min(v, -least)
	}
	return max(v, least)
}

func sizes(of []int) map[int]int {
	n := map[int]int{}
	for _, v := range of {
		n[v]++
	}
	return n
}

// entropy is -sum p log p, over the sizes in order so that the sum is always the same.
func entropy(size map[int]int, n int) float64 {
	h := 0.0
	for _, c := range counts(size) {
		p := float64(c.size) / float64(n)
		h -= float64(float64(c.times) * float64(p*math.Log(p)))
	}
	return max(h, 0)
}

// mutualInformation is the sum of p_ij log(p_ij / (p_i p_j)).
func mutualInformation(common map[[2]int]int, a, b map[int]int, n int) float64 {
	if len(a) == 1 || len(b) == 1 {
		return 0
	}
	type kind struct{ both, a, b int }
	times := map[kind]int{}
	for pair, both := range common {
		times[kind{both, a[pair[0]], b[pair[1]]}]++
	}
	var kinds []kind
	for k := range times {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(x, y kind) int {
		return slices.Compare([]int{x.both, x.a, x.b}, []int{y.both, y.a, y.b})
	})
	mi := 0.0
	for _, k := range kinds {
		p := float64(k.both) / float64(n)
		ratio := math.Log(float64(k.both)/float64(n)) - math.Log(float64(k.a)/float64(n)*(float64(k.b)/float64(n)))
		mi += float64(float64(times[k]) * float64(p*ratio))
	}
	return max(mi, 0)
}

// sized is a size that several classes or clusters have.
type sized struct{ size, times int }

// counts lists the sizes in order, and how many have each: what sums over all of them needs no more than.
func counts(size map[int]int) []sized {
	times := map[int]int{}
	for _, n := range size {
		times[n]++
	}
	var list []sized
	for n, t := range times {
		list = append(list, sized{n, t})
	}
	slices.SortFunc(list, func(a, b sized) int { return a.size - b.size })
	return list
}

// expectedInformation is the sum over classes of size a, clusters of size b and rows m that they may have in common of
//
//	m / n log(n m / (a b)) a! b! (n-a)! (n-b)! / (n! m! (a-m)! (b-m)! (n-a-b+m)!).
func expectedInformation(as, bs []sized, n int) float64 {
	f := logFactorials(n)
	total := 0.0
	for _, a := range as {
		for _, b := range bs {
			one := 0.0
			fixed := f[a.size] + f[b.size] + f[n-a.size] + f[n-b.size] - f[n]
			for m := max(1, a.size+b.size-n); m <= min(a.size, b.size); m++ {
				information := math.Log(float64(n)) + math.Log(float64(m)) - math.Log(float64(a.size)) - math.Log(float64(b.size))
				probability := math.Exp(fixed - f[m] - f[a.size-m] - f[b.size-m] - f[n-a.size-b.size+m])
				one += float64(float64(m) / float64(n) * information * probability)
			}
			total += float64(float64(a.times) * float64(b.times) * one)
		}
	}
	return total
}

// logFactorials are log(i!) for i up to n.
func logFactorials(n int) []float64 {
	f := make([]float64, n+1)
	for i := range f {
		f[i], _ = math.Lgamma(float64(i) + 1)
	}
	return f
}
