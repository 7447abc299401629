package retrieval

import (
	"cmp"
	"context"
	"math"
	"slices"

	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
)

// Neighbour is a row of the gallery and how far it is from the query.
type Neighbour struct {
	Index    int
	Distance float64 // squared where it is Euclidean
}

// search finds the nearest rows of a gallery. Products in float32 leave, for each query, the rows that may be among the
// nearest given how large rounding errors can be; these are ranked in float64. With
//
//	s(x) = q x - |x|^2 / 2 = (|q|^2 - |q - x|^2) / 2,
//
// the largest are the nearest. A row is the numbers of x and then -|x|^2 / 2, a query those of q and then 1.
type search struct {
	queries, gallery *points
	k, workers       int
	self             bool // query i is row i of the gallery, which it does not find
	exact            distanceFunc

	scale   float64 // a power of two that leaves nothing above 1 in magnitude
	rows    []float32
	lanes   []float32 // the queries with their last number
	longest []float64 // of each rowsLooked rows of the gallery, a little more than the largest length
	second  float64   // the factor of |x|^2 / 2: 1, or 0 for cosines
}

func newSearch(queries, gallery *points, k, workers int) *search {
	s := &search{queries: queries, gallery: gallery, k: k, workers: workers, exact: squaredDistance, second: 1}
	largest := max(magnitude(queries.data), magnitude(gallery.data))
	_, e := math.Frexp(largest)
	s.scale = math.Ldexp(1, -max(e, lowestExponent))
	return s
}

// lowestExponent keeps the scale of tiny numbers finite.
const lowestExponent = -1000

func magnitude(data []float64) float64 {
	m := 0.0
	for _, v := range data {
		m = max(m, math.Abs(v))
	}
	return m
}

// withoutLengths has s(x) = q x.
func (s *search) withoutLengths() { s.second = 0 }

// What is computed at once: the queries of a piece of work, the rows that stay in the second-level cache meanwhile, and those
// of whose products the largest is looked at first.
const (
	queriesAtOnce = 256
	rowsAtOnce    = 896
	rowsLooked    = 56
)

// each calls f for every query with the nearest rows, the nearest first; from several goroutines.
func (s *search) each(ctx context.Context, f func(q int, found []Neighbour)) error {
	s.prepare()
	parallel.Ranges(s.workers, s.queries.rows, queriesAtOnce, func(lo, hi int) {
		if ctx.Err() == nil {
			s.some(lo, hi, f)
		}
	})
	return ctx.Err()
}

// prepare rounds rows and queries to float32.
func (s *search) prepare() {
	s.longest = make([]float64, (s.gallery.rows+rowsLooked-1)/rowsLooked)
	s.rows = s.extended(s.gallery, func(i int, row []float64) float64 {
		squares := squaredLength(row)
		s.longest[i/rowsLooked] = max(s.longest[i/rowsLooked], math.Sqrt(squares))
		return -s.second * squares / 2
	})
	for i, l := range s.longest {
		s.longest[i] = stepAbove(l)
	}
	s.lanes = s.extended(s.queries, func(int, []float64) float64 { return 1 })
}

// stepAbove is the next quarter power of 2, so that few different limits are computed.
func stepAbove(l float64) float64 {
	if l == 0 {
		return 0
	}
	return math.Exp2(math.Floor(4*math.Log2(l)+1) / 4)
}

// extended scales rows and puts a number behind each.
func (s *search) extended(p *points, last func(i int, row []float64) float64) []float32 {
	scaled, out := make([]float64, p.width), make([]float32, 0, p.rows*(p.width+1))
	for i := range p.rows {
		for j, v := range p.row(i) {
			scaled[j] = v * s.scale
			out = append(out, float32(scaled[j]))
		}
		out = append(out, float32(last(i, scaled)))
	}
	return out
}

// some looks up the queries [lo, hi).
func (s *search) some(lo, hi int, f func(q int, found []Neighbour)) {
	stride := s.queries.width + 1
	l := newLanes(s.lanes[lo*stride:], stride, stride, hi-lo)
	line := kernel.LineOf[float32]()
	best := make([]candidates, l.lines*line)
	for i := range best {
		best[i] = candidates{limit: math.Inf(1), self: -1}
		if lo+i < hi {
			best[i] = s.candidates(lo + i)
		}
	}
	c := make([]float32, rowsLooked*l.set.Blocks*line)
	for from := 0; from < s.gallery.rows; from += rowsAtOnce {
		to := min(from+rowsAtOnce, s.gallery.rows)
		for b := 0; b < l.lines; b += l.set.Blocks {
			s.look(l, c, from, to, b, best[b*line:])
		}
	}
	scratch := make([]float64, s.queries.width)
	for q := lo; q < hi; q++ {
		f(q, s.rank(q, &best[q-lo], scratch))
		best[q-lo] = candidates{}
	}
}

// look offers the rows [from, to) of the gallery to the queries of the lines from b on.
func (s *search) look(l *lanes[float32], c []float32, from, to, b int, best []candidates) {
	line := kernel.LineOf[float32]()
	blocks := min(l.set.Blocks, l.lines-b)
	across := blocks * line
	largest, limits, longest := make([]float32, across), make([]float32, across), -1.
	for ; from < to; from += rowsLooked {
		n := min(rowsLooked, to-from)
		l.multiply(c, s.rows[from*l.width:], l.width, n, b, blocks)
		l.set.Maximum(largest, c, kernel.Windows{Count: blocks, Next: line, Rows: n, RowStep: across, Cells: 1}, -math.MaxFloat32)
		if at := s.longest[from/rowsLooked]; at != longest {
			longest = at
			for i := range limits {
				limits[i] = best[i].limitFor(longest)
			}
		}
		for i, v := range largest {
			if v >= limits[i] {
				best[i].offer(c[i:], across, from, n, longest)
				limits[i] = best[i].limitFor(longest)
			}
		}
	}
}

// candidates is a query without any rows yet.
func (s *search) candidates(q int) candidates {
	squares := 0.0
	for _, v := range s.queries.row(q) {
		squares += v * s.scale * (v * s.scale)
	}
	c := candidates{k: s.k, self: -1, limit: math.Inf(-1), length: math.Sqrt(squares), products: float64(s.queries.width + 1)}
	if s.self {
		c.self = q
	}
	c.room = 2*s.k + rowsLooked
	return c
}

// gamma is the relative error of n roundings of u.
func gamma(n, u float64) float64 { return n * u / (1 - n*u) }

// rank orders candidates by their distance in float64, then by index.
func (s *search) rank(q int, c *candidates, scratch []float64) []Neighbour {
	c.tighten()
	list := make([]Neighbour, len(c.index))
	for i, x := range c.index {
		list[i] = Neighbour{int(x), s.exact(s.queries.row(q), s.gallery.row(int(x)), int(x), scratch)}
	}
	slices.SortFunc(list, func(a, b Neighbour) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), a.Index-b.Index)
	})
	return list[:min(s.k, len(list))]
}
