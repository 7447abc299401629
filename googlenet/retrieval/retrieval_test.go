package retrieval

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

func matrix(width int, rows ...float64) *tensor.Tensor[float64] {
	return tensor.From(rows, len(rows)/width, width)
}

// TestScores has rankings that can be read off: points on a line.
func TestScores(t *testing.T) {
	for _, tt := range []struct {
		reason string
		set    Set
		want   Scores
	}{
		{"the nearest is of the other class for all", Set{
			Features: matrix(1, 0, 1, 3, 4.5), Labels: []int{0, 1, 0, 1},
		}, Scores{Queries: 4, K: []int{1, 2, 9}, Hits: []int{0, 2, 4}, Recall: []float64{0, 0.5, 1}}},
		{"three partners: 1/1, 2/3 of the first, with one other between", Set{
			Features: matrix(1, 0, 1, 2, 3, 90), Labels: []int{0, 0, 1, 0, 2},
		}, Scores{Queries: 3, Lone: 2, K: []int{1, 2, 9}, Hits: []int{2, 3, 3}, Recall: []float64{2. / 3, 1, 1},
			RPrecision: (0.5 + 0.5 + 0.5) / 3, MAPAtR: (0.5 + 0.5 + 0.25) / 3}},
		{"of equal distances the lower index is first, whatever the class", Set{
			Features: matrix(1, 0, 1, -1, 1), Labels: []int{0, 1, 0, 1}, Query: []bool{true, false, false, false},
		}, Scores{Queries: 1, K: []int{1, 2, 9}, Hits: []int{0, 1, 1}, Recall: []float64{0, 1, 1}}},
	} {
		got, err := Evaluate(t.Context(), tt.set, Options{Recall: []int{1, 2, 9}, Threads: 1})
		if err != nil || !reflect.DeepEqual(*got, tt.want) {
			t.Errorf("%s: got %+v, %v, want %+v", tt.reason, got, err, tt.want)
		}
	}
}

// drawn returns classes around centres; some rows are copies of others, some lie so near that float32 does not tell them apart,
// and one is far longer than all.
func drawn(seed uint64, rows, width int) Set {
	r := rand.New(rand.NewPCG(seed, 1))
	f := tensor.New[float64](rows, width)
	labels := make([]int, rows)
	for i := range rows {
		labels[i] = r.IntN(5)
		row := f.Data[i*width:][:width]
		for j := range row {
			row[j] = r.NormFloat64() + float64(labels[i]*(j%3))
		}
		switch other := r.IntN(i + 1); {
		case i%7 == 3:
			copy(row, f.Data[other*width:][:width])
		case i%7 == 5:
			for j := range row {
				row[j] = f.Data[other*width+j] * (1 + 1e-12*r.NormFloat64())
			}
		case i == rows/2:
			row[0] = 1e4
		}
	}
	return Set{Features: f, Labels: labels}
}

// ranked sorts all of a gallery by its float64 distances: what search must find.
func ranked(l *lookup, q, k int) []Neighbour {
	s := l.search(k)
	scratch := make([]float64, l.gallery.width)
	var list []Neighbour
	for i := range l.gallery.rows {
		if !l.self || i != q {
			list = append(list, Neighbour{i, s.exact(l.queries.row(q), l.gallery.row(i), i, scratch)})
		}
	}
	slices.SortStableFunc(list, func(a, b Neighbour) int { return cmp.Compare(a.Distance, b.Distance) })
	return list[:min(k, len(list))]
}

// TestSearchIsExact compares the nearest rows with those of sorting all distances.
func TestSearchIsExact(t *testing.T) {
	for _, tt := range []struct{ rows, width, k, threads int }{
		{2, 1, 1, 1}, {9, 3, 8, 2}, {70, 5, 1, 3}, {300, 17, 10, 2}, {1100, 4, 3, 2}, {930, 9, 60, 2},
	} {
		for _, o := range []Options{{}, {Normalize: true}, {Metric: Cosine}} {
			for _, share := range []int{0, 3} {
				o.Threads = tt.threads
				s := drawn(uint64(tt.rows), tt.rows, tt.width)
				for i := 0; share > 0 && i < tt.rows; i++ {
					s.Query = append(s.Query, i%share == 0)
				}
				checkSearch(t, s, o, tt.k)
			}
		}
	}
}

func checkSearch(t *testing.T, s Set, o Options, k int) {
	t.Helper()
	s.Labels = make([]int, len(s.Labels)) // one class: everything has a partner
	l, err := newLookup(s, o)
	if err != nil {
		t.Fatal(err)
	}
	found := make([][]Neighbour, l.queries.rows)
	if err := l.search(k).each(t.Context(), func(q int, list []Neighbour) { found[q] = list }); err != nil {
		t.Fatal(err)
	}
	for q, got := range found {
		if want := ranked(l, q, k); !slices.Equal(got, want) {
			t.Fatalf("%v, %+v, k %d, query %d: got %v, want %v", s.Features.Dims(), o, k, q, got, want)
		}
	}
}

// TestScales has numbers whose squares overflow or vanish in float32.
func TestScales(t *testing.T) {
	for _, scale := range []float64{1e-300, 1e-40, 1e-20, 1e18, 1e33} {
		s := drawn(3, 120, 6)
		plain, err := Evaluate(t.Context(), s, Options{Recall: []int{1, 5}})
		if err != nil {
			t.Fatal(err)
		}
		f := s.Features.(*tensor.Tensor[float64])
		power := math.Ldexp(1, int(math.Log2(scale)))
		for i := range f.Data {
			f.Data[i] *= power
		}
		if scale < 1e-150 {
			continue // the float64 squares vanish as well: it must only not fail
		}
		scaled, err := Evaluate(t.Context(), s, Options{Recall: []int{1, 5}})
		if err != nil || !reflect.DeepEqual(plain, scaled) {
			t.Errorf("scaled by %v: got %+v, %v, want %+v", power, scaled, err, plain)
		}
	}
}

func TestThreadsChangeNothing(t *testing.T) {
	s := drawn(5, 700, 12)
	var first *Scores
	var clusters *Clusters
	for _, threads := range []int{1, 2, 7} {
		got, err := Evaluate(t.Context(), s, Options{Recall: []int{1, 2, 4}, Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		k, err := KMeans(t.Context(), s.Features, ClusterOptions{Clusters: 9, Starts: 2, Seed: 4, Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first, clusters = got, k
		}
		if !reflect.DeepEqual(got, first) || !reflect.DeepEqual(k, clusters) {
			t.Errorf("%d threads: got %+v and %v, want %+v and %v", threads, got, k.Inertia, first, clusters.Inertia)
		}
	}
}

// TestAdmissible has partners and others that rounding may swap, and such that it may not.
func TestAdmissible(t *testing.T) {
	almost := 1 + 0x1p-52
	for _, tt := range []struct {
		reason      string
		set         Set
		o           Options
		least, most float64
		undecided   int
	}{
		{"whole numbers are not rounded", Set{Features: matrix(1, 0, 1, -1), Labels: []int{0, 1, 0}, Query: []bool{true, false, false}}, Options{}, 0, 0, 0},
		{"a last bit", Set{Features: matrix(1, 0.1, 1.1, -0.9*almost), Labels: []int{0, 1, 0}, Query: []bool{true, false, false}}, Options{}, 0, 1, 1},
		{"copies are in order", Set{Features: matrix(1, 0.1, 1.1, 1.1), Labels: []int{0, 1, 0}, Query: []bool{true, false, false}}, Options{}, 0, 0, 0},
		{"far apart", Set{Features: matrix(1, 0.1, 1.2, 1.1), Labels: []int{0, 1, 0}, Query: []bool{true, false, false}}, Options{}, 1, 1, 0},
		{"directions", Set{Features: matrix(2, 1, 1, 1, 2, 2, 1), Labels: []int{0, 1, 0}, Query: []bool{true, false, false}}, Options{Metric: Cosine}, 0, 1, 1},
	} {
		tt.o.Recall = []int{1}
		least, most, undecided, err := Admissible(t.Context(), tt.set, tt.o)
		if err != nil || least.Recall[0] != tt.least || most.Recall[0] != tt.most || undecided != tt.undecided {
			t.Errorf("%s: got %+v to %+v, %d undecided, %v; want %v to %v, %d", tt.reason, least, most, undecided, err, tt.least, tt.most, tt.undecided)
		}
	}
}

func TestRefused(t *testing.T) {
	good := Set{Features: matrix(2, 1, 2, 3, 4), Labels: []int{0, 0}}
	for _, tt := range []struct {
		change func(s *Set, o *Options)
		want   string
	}{
		{func(s *Set, _ *Options) { s.Features = matrix(2, 1, 2, 3, math.NaN()) }, "row 1, column 1 of the features is NaN"},
		{func(s *Set, _ *Options) { s.Features = matrix(2, 1, math.Inf(-1), 3, 4) }, "row 0, column 1 of the features is -Inf"},
		{func(s *Set, _ *Options) { s.Features = tensor.New[float32](2, 2, 1) }, "expected features of rows x width, found 2x2x1"},
		{func(s *Set, _ *Options) { s.Features = tensor.New[float32](0, 2) }, "at least one row"},
		{func(s *Set, _ *Options) { s.Labels = []int{0} }, "expected a label for each of 2 rows of features, found 1"},
		{func(s *Set, _ *Options) { s.Labels = []int{0, 1} }, "no query has another row of its class"},
		{func(s *Set, _ *Options) { s.Query = []bool{true, true} }, "found 2 queries and 0 others"},
		{func(s *Set, _ *Options) { s.Query = []bool{true} }, "of each of 2 rows whether it is a query, found 1"},
		{func(_ *Set, o *Options) { o.Recall = []int{0} }, "Recall@0"},
	} {
		s, o := good, Options{}
		tt.change(&s, &o)
		if _, err := Evaluate(t.Context(), s, o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
	if _, err := Evaluate(t.Context(), good, Options{}); err != nil {
		t.Error(err)
	}
}

func TestInterrupt(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	s := drawn(1, 300, 3)
	if _, err := Evaluate(ctx, s, Options{}); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	if _, err := KMeans(ctx, s.Features, ClusterOptions{Clusters: 3}); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

func TestZeros(t *testing.T) {
	if got := Zeros(matrix(2, 0, 0, 0, 1, 0, 0)); got != 2 {
		t.Errorf("got %d rows of zeros, want 2", got)
	}
	// A row of zeros is as far from all rows of length 1, and has a cosine of 0.
	s := Set{Features: matrix(2, 0, 0, 2, 0, 0, -3), Labels: []int{0, 1, 0}, Query: []bool{true, false, false}}
	for _, o := range []Options{{Normalize: true, Recall: []int{1}}, {Metric: Cosine, Recall: []int{1}}} {
		got, err := Evaluate(t.Context(), s, o)
		if err != nil || got.Hits[0] != 0 {
			t.Errorf("%v: got %+v, %v; the lower index comes first", o, got, err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	f := tensor.New[float32](20000, 64)
	for i := range f.Data {
		f.Data[i] = float32(r.NormFloat64())
	}
	s := Set{Features: f, Labels: make([]int, 20000)}
	l, err := newLookup(s, Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := l.search(10).each(b.Context(), func(int, []Neighbour) {}); err != nil {
			b.Fatal(err)
		}
	}
	flops := 2 * 20000. * 20000 * 65 * float64(b.N)
	b.ReportMetric(flops/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
