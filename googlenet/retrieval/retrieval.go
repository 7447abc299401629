// Package retrieval judges an embedding by what lies next to what: Recall@K, R-precision and MAP@R of exact neighbours, and
// the agreement of a k-means clustering with the classes.
//
// Neighbours are those of float64 arithmetic, and of equal distances the row with the lower index comes first. Nothing
// depends on the number of threads.
package retrieval

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parity/googlenet/tensor"
)

// Metric is how far apart two rows are.
type Metric int

const (
	// Euclidean is the length of the difference.
	Euclidean Metric = iota
	// Cosine is 1 minus the cosine of the angle. Rows of zeros have a cosine of 0 to all.
	Cosine
)

// metrics are the names of the metrics.
var metrics = []string{"euclidean", "cosine"}

func (m Metric) String() string { return metrics[m] }

// ParseMetric is the metric of a name.
func ParseMetric(name string) (Metric, error) {
	i := slices.Index(metrics, name)
	if i < 0 {
		return 0, fmt.Errorf("the metric %q: expected euclidean or cosine", name)
	}
	return Metric(i), nil
}

// Set is the rows to judge.
type Set struct {
	Features tensor.Any // rows x width
	Labels   []int      // a class for each row
	// Query says which rows are looked up among all others, the gallery. Nil: each row is looked up among the rest.
	Query []bool
}

// Options say how to judge.
type Options struct {
	Metric    Metric
	Normalize bool  // rows are divided by their lengths first, those of zeros stay
	Recall    []int // the K of Recall@K
	Threads   int   // 0: one for each processor
}

// Scores are fractions of the queries that have a partner: another row of their class in the gallery.
type Scores struct {
	Queries int // those that have a partner
	Lone    int // those that have none and count nowhere else
	K, Hits []int
	// Recall[i] is the fraction Hits[i] / Queries with a partner among the first K[i].
	Recall []float64
	// RPrecision is the mean fraction of partners among the first R, where R is the number of partners.
	RPrecision float64
	// MAPAtR is the mean over queries of sum_{i <= R} (precision of the first i) [row i is a partner] / R.
	MAPAtR float64
}

// Evaluate looks every query up.
func Evaluate(ctx context.Context, s Set, o Options) (*Scores, error) {
	l, err := newLookup(s, o)
	if err != nil {
		return nil, err
	}
	return l.scores(ctx)
}

// lookup is queries and a gallery.
type lookup struct {
	queries, gallery *points
	self             bool  // the gallery is the queries
	of, in           []int // labels of the queries and of the gallery
	partners         []int // of each query
	most             int   // the most partners of a query
	ks               []int
	metric           Metric
	workers          int
}

// errNoPartner says that there is nothing to judge.
var errNoPartner = errors.New("no query has another row of its class to find; expected at least two rows of a class")

func newLookup(s Set, o Options) (*lookup, error) {
	all, err := newPoints(s.Features, o.Normalize || o.Metric == Cosine)
	if err != nil {
		return nil, err
	}
	if len(s.Labels) != all.rows {
		return nil, fmt.Errorf("expected a label for each of %d rows of features, found %d", all.rows, len(s.Labels))
	}
	for _, k := range o.Recall {
		if k < 1 {
			return nil, fmt.Errorf("expected K of at least 1, found Recall@%d", k)
		}
	}
	l := &lookup{queries: all, gallery: all, self: true, of: s.Labels, in: s.Labels, ks: o.Recall, metric: o.Metric, workers: workers(o.Threads)}
	if s.Query != nil {
		if err := l.split(s); err != nil {
			return nil, err
		}
	}
	l.count()
	if slices.Max(l.partners) == 0 {
		return nil, errNoPartner
	}
	return l, nil
}

// split parts the rows into queries and gallery.
func (l *lookup) split(s Set) error {
	if len(s.Query) != l.queries.rows {
		return fmt.Errorf("expected to be told of each of %d rows whether it is a query, found %d", l.queries.rows, len(s.Query))
	}
	var q, g []int
	for i, query := range s.Query {
		if query {
			q = append(q, i)
		} else {
			g = append(g, i)
		}
	}
	if len(q) == 0 || len(g) == 0 {
		return fmt.Errorf("expected queries and a gallery, found %d queries and %d others", len(q), len(g))
	}
	all := l.queries
	l.queries, l.gallery, l.self = all.choose(q), all.choose(g), false
	l.of, l.in = chosen(s.Labels, q), chosen(s.Labels, g)
	return nil
}

func chosen(labels []int, rows []int) []int {
	list := make([]int, len(rows))
	for i, row := range rows {
		list[i] = labels[row]
	}
	return list
}

// count counts the partners.
func (l *lookup) count() {
	size := map[int]int{}
	for _, label := range l.in {
		size[label]++
	}
	l.partners = make([]int, len(l.of))
	for i, label := range l.of {
		l.partners[i] = size[label]
		if l.self {
			l.partners[i]--
		}
		l.most = max(l.most, l.partners[i])
	}
}

// scores looks every query up as far as any number needs.
func (l *lookup) scores(ctx context.Context) (*Scores, error) {
	k := l.most
	if len(l.ks) > 0 {
		k = max(k, slices.Max(l.ks))
	}
	each := make([]queryScore, len(l.of))
	err := l.search(k).each(ctx, func(q int, found []Neighbour) {
		each[q] = l.score(q, found)
	})
	if err != nil {
		return nil, err
	}
	return l.total(func(q int) queryScore { return each[q] }), nil
}

// total adds up what the queries come to, in their order.
func (l *lookup) total(of func(q int) queryScore) *Scores {
	s := &Scores{K: slices.Clone(l.ks), Hits: make([]int, len(l.ks)), Recall: make([]float64, len(l.ks))}
	for q, partners := range l.partners {
		if partners == 0 {
			s.Lone++
			continue
		}
		one := of(q)
		s.Queries++
		for i, k := range s.K {
			if one.first <= k {
				s.Hits[i]++
			}
		}
		s.RPrecision += one.precision
		s.MAPAtR += one.average
	}
	for i, hits := range s.Hits {
		s.Recall[i] = float64(hits) / float64(s.Queries)
	}
	s.RPrecision /= float64(s.Queries)
	s.MAPAtR /= float64(s.Queries)
	return s
}

func (l *lookup) search(k int) *search {
	s := newSearch(l.queries, l.gallery, min(k, l.gallery.rows-l.selves()), l.workers)
	s.self = l.self
	if l.metric == Cosine {
		s.withoutLengths()
		s.exact = cosineDistance
	}
	return s
}

// selves is how many rows of the gallery a query does not meet: itself, if it is there.
func (l *lookup) selves() int {
	if l.self {
		return 1
	}
	return 0
}

// queryScore is what one query comes to.
type queryScore struct {
	first              int // the rank of the first partner, from 1
	precision, average float64
}

// score judges what was found for a query, the nearest first.
func (l *lookup) score(q int, found []Neighbour) queryScore {
	partner := make([]bool, len(found))
	for i, n := range found {
		partner[i] = l.in[n.Index] == l.of[q]
	}
	return scoreOf(partner, l.partners[q])
}

// scoreOf judges a ranking of which each place says whether it is one of all partners.
func scoreOf(partner []bool, all int) queryScore {
	s := queryScore{first: len(partner) + 1}
	if i := slices.Index(partner, true); i >= 0 {
		s.first = i + 1
	}
	hits := 0
	for i, p := range partner[:min(all, len(partner))] {
		if p {
			hits++
			s.average += float64(hits) / float64(i+1)
		}
	}
	s.precision = float64(hits) / float64(all)
	s.average /= float64(all)
	return s
}
