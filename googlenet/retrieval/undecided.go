package retrieval

import (
	"cmp"
	"context"
	"math"
	"slices"

	"parity/googlenet/parallel"
)

// Admissible returns the least and the largest scores that some float64 arithmetic may come to: where distances of a partner
// and of another row are equal but for rounding, either may come first. It counts such queries. Rows with the same numbers,
// and rows whose distances are computed without rounding, are in order.
func Admissible(ctx context.Context, s Set, o Options) (least, most *Scores, undecided int, err error) {
	l, err := newLookup(s, o)
	if err != nil {
		return nil, nil, 0, err
	}
	a := &admissible{lookup: l, exact: o.Metric == Euclidean && l.withoutRounding()}
	all := make([]bounds, len(l.of))
	parallel.For(l.workers, len(all), func(q int) {
		if ctx.Err() == nil && l.partners[q] > 0 {
			all[q] = a.query(q)
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, nil, 0, err
	}
	for _, b := range all {
		if b.undecided {
			undecided++
		}
	}
	least = l.total(func(q int) queryScore { return all[q].least })
	most = l.total(func(q int) queryScore { return all[q].most })
	return least, most, undecided, nil
}

type admissible struct {
	*lookup
	exact bool // no distance is rounded
}

// bounds are what a query may come to.
type bounds struct {
	least, most queryScore
	undecided   bool
}

// query ranks the whole gallery, and within rows that may change places puts partners last and first.
func (a *admissible) query(q int) bounds {
	found := a.ranked(q)
	partner := make([]bool, len(found))
	for i, n := range found {
		partner[i] = a.in[n.Index] == a.of[q]
	}
	last, first := slices.Clone(partner), slices.Clone(partner)
	b := bounds{}
	for from := 0; from < len(found); {
		to := from + 1
		for to < len(found) && a.close(q, found[to-1], found[to]) {
			to++
		}
		if slices.Contains(partner[from:to], true) && slices.Contains(partner[from:to], false) && !a.alike(found[from:to]) {
			b.undecided = true
			slices.SortFunc(last[from:to], falseFirst)
			slices.SortFunc(first[from:to], func(x, y bool) int { return falseFirst(y, x) })
		}
		from = to
	}
	b.least, b.most = scoreOf(last, a.partners[q]), scoreOf(first, a.partners[q])
	return b
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// ranked is the gallery in order.
func (a *admissible) ranked(q int) []Neighbour {
	exact := a.search(1).exact
	scratch := make([]float64, a.gallery.width)
	var list []Neighbour
	for i := range a.gallery.rows {
		if !a.self || i != q {
			list = append(list, Neighbour{i, exact(a.queries.row(q), a.gallery.row(i), i, scratch)})
		}
	}
	slices.SortFunc(list, func(x, y Neighbour) int {
		return cmp.Or(cmp.Compare(x.Distance, y.Distance), x.Index-y.Index)
	})
	return list
}

// close reports whether rounding may swap two neighbours. Computed as a sum of squares or from products, a squared distance
// has an error of at most gamma_(n+5) (|q| + |x|)^2; either side makes it, for either row.
func (a *admissible) close(q int, x, y Neighbour) bool {
	if a.exact {
		return false
	}
	far := length(a.queries.row(q)) + max(length(a.gallery.row(x.Index)), length(a.gallery.row(y.Index)))
	return !(y.Distance-x.Distance > 4*gamma(float64(a.gallery.width+5), math.Ldexp(1, -53))*far*far)
}

func length(row []float64) float64 {
	s := 0.0
	for _, v := range row {
		s += v * v
	}
	return math.Sqrt(s)
}

// alike reports whether rows are the same numbers: then nothing can tell them apart but their index.
func (a *admissible) alike(list []Neighbour) bool {
	for _, n := range list[1:] {
		if !slices.Equal(a.gallery.row(n.Index), a.gallery.row(list[0].Index)) {
			return false
		}
	}
	return true
}

// withoutRounding reports whether all numbers are multiples of a power of two that is so large that sums of squared
// differences are whole multiples of its square below 2^53.
func (l *lookup) withoutRounding() bool {
	unit, most := math.Inf(1), 0.0
	for _, p := range []*points{l.queries, l.gallery} {
		for _, v := range p.data {
			if v != 0 {
				unit = min(unit, lastBit(v))
			}
		}
		most = max(most, magnitude(p.data))
	}
	if most == 0 {
		return true
	}
	across := 2 * most / unit
	return across*across*float64(l.gallery.width) <= 1<<53
}

// lastBit is the largest power of two that divides a number.
func lastBit(v float64) float64 {
	fraction, e := math.Frexp(math.Abs(v))
	whole := uint64(math.Ldexp(fraction, 53))
	return math.Ldexp(float64(whole&-whole), e-53)
}
