package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// ClusterOptions say how to cluster.
type ClusterOptions struct {
	Clusters  int
	Starts    int // begun anew this many times, the result with the least inertia counts; 0: once
	Seed      uint64
	Normalize bool
	Threads   int // 0: one for each processor
	// Centres to begin with, Clusters x width, instead of drawn ones; they are begun with once.
	Centres tensor.Any
	// Iterations is the most to take; 0: as many as it takes, but at most 300.
	Iterations int
}

const mostIterations = 300

// Clusters is a clustering.
type Clusters struct {
	Assignments []int
	Centres     *tensor.Tensor[float64] // the means of what is assigned to them
	Inertia     float64                 // the sum of squared distances to the centres
	Iterations  int
	Converged   bool // nothing was assigned anew in the last iteration
	// Undecided counts, over all iterations, the rows whose two nearest centres are equally near but for rounding.
	Undecided int
}

// KMeans clusters the rows of features by Lloyd's iterations, until no row changes its cluster. Each start draws its centres
// as k-means++ does. As in scikit-learn, everything is computed less the mean of all rows; a row goes to the centre with the
// least |c|^2 - 2 x c, the first of equal ones, computed in the same order; and a cluster without rows gets the one that is farthest from its centre.
func KMeans(ctx context.Context, features tensor.Any, o ClusterOptions) (*Clusters, error) {
	p, err := newPoints(features, o.Normalize)
	if err != nil {
		return nil, err
	}
	if o.Clusters < 1 || o.Clusters > p.rows {
		return nil, fmt.Errorf("%d clusters of %d rows: expected at least one, and at most one a row", o.Clusters, p.rows)
	}
	if o.Iterations == 0 {
		o.Iterations = mostIterations
	}
	k := &kmeans{points: p.clone(), mean: p.mean(), options: o, workers: workers(o.Threads)}
	k.points.add(k.mean, -1)
	if o.Centres != nil {
		return k.fromGiven(ctx)
	}
	return k.best(ctx)
}

// kmeans is rows less their mean.
type kmeans struct {
	points  *points
	mean    []float64
	options ClusterOptions
	workers int
}

func (p *points) clone() *points { return &points{p.rows, p.width, slices.Clone(p.data)} }

// mean is added up row by row.
func (p *points) mean() []float64 {
	mean := make([]float64, p.width)
	for i := range p.rows {
		for j, v := range p.row(i) {
			mean[j] += v
		}
	}
	for j := range mean {
		mean[j] /= float64(p.rows)
	}
	return mean
}

// add adds a vector, or takes it away, from every row.
func (p *points) add(v []float64, sign float64) {
	for i := range p.rows {
		row := p.row(i)
		for j, x := range v {
			row[j] += float64(sign * x)
		}
	}
}

func (k *kmeans) fromGiven(ctx context.Context) (*Clusters, error) {
	c, err := newPoints(k.options.Centres, false)
	if err != nil {
		return nil, fmt.Errorf("centres: %w", err)
	}
	if c.rows != k.options.Clusters || c.width != k.points.width {
		return nil, fmt.Errorf("expected %d centres of %d numbers, found %v", k.options.Clusters, k.points.width, k.options.Centres.Dims())
	}
	c = c.clone()
	c.add(k.mean, -1)
	return k.lloyd(ctx, c)
}

// best begins several times, each with random numbers of its own.
func (k *kmeans) best(ctx context.Context) (*Clusters, error) {
	var best *Clusters
	for start := range max(1, k.options.Starts) {
		c, err := k.draw(ctx, rand.New(rand.NewPCG(k.options.Seed, uint64(start))))
		if err != nil {
			return nil, err
		}
		found, err := k.lloyd(ctx, c)
		if err != nil {
			return nil, err
		}
		if best == nil || found.Inertia < best.Inertia {
			best = found
		}
	}
	return best, nil
}

// lloyd assigns rows and moves centres in turn.
func (k *kmeans) lloyd(ctx context.Context, centres *points) (*Clusters, error) {
	out := &Clusters{}
	for ; out.Iterations < k.options.Iterations && !out.Converged; out.Iterations++ {
		assigned, undecided, err := k.assign(ctx, centres)
		if err != nil {
			return nil, err
		}
		out.Undecided += undecided
		out.Converged = slices.Equal(assigned, out.Assignments)
		out.Assignments = assigned
		centres = k.move(centres, assigned)
	}
	if !out.Converged {
		var err error
		if out.Assignments, _, err = k.assign(ctx, centres); err != nil {
			return nil, err
		}
	}
	for _, d := range k.distances(centres, out.Assignments) {
		out.Inertia += d
	}
	centres.add(k.mean, 1)
	out.Centres = tensor.From(centres.data, centres.rows, centres.width)
	return out, nil
}

// assign finds the nearest centre of each row, and counts the rows that rounding may bring to another.
func (k *kmeans) assign(ctx context.Context, centres *points) (assigned []int, undecided int, err error) {
	squares := make([]float64, centres.rows)
	for i := range squares {
		squares[i] = squaredLength(centres.row(i))
	}
	s := newSearch(k.points, centres, min(2, centres.rows), k.workers)
	s.exact = func(x, c []float64, index int, _ []float64) float64 { return math.FMA(-2, chain(x, c), squares[index]) }
	assigned = make([]int, k.points.rows)
	var close atomic.Int64
	err = s.each(ctx, func(q int, found []Neighbour) {
		assigned[q] = found[0].Index
		if len(found) > 1 && k.close(centres, squares, q, found[0], found[1]) {
			close.Add(1)
		}
	})
	return assigned, int(close.Load()), err
}

// close reports whether two centres are equally near but for the rounding of |c|^2 - 2 x c, on either side.
func (k *kmeans) close(centres *points, squares []float64, q int, a, b Neighbour) bool {
	if slices.Equal(centres.row(a.Index), centres.row(b.Index)) {
		return false
	}
	far := length(k.points.row(q)) + math.Sqrt(max(squares[a.Index], squares[b.Index]))
	return !(b.Distance-a.Distance > 4*gamma(float64(centres.width+5), math.Ldexp(1, -53))*far*far)
}

// move returns the means of what is assigned to each centre.
func (k *kmeans) move(centres *points, assigned []int) *points {
	out := &points{centres.rows, centres.width, make([]float64, len(centres.data))}
	count := make([]int, centres.rows)
	for i, c := range assigned {
		count[c]++
		to := out.row(c)
		for j, v := range k.points.row(i) {
			to[j] += v
		}
	}
	k.fill(out, count, centres, assigned)
	for c, n := range count {
		row := out.row(c)
		if n == 0 {
			copy(row, out.row(slices.Index(count, slices.Max(count))))
			continue
		}
		by := 1 / float64(n)
		for j := range row {
			row[j] *= by
		}
	}
	return out
}

// fill gives each cluster without rows the one that is farthest from its centre, unless all lie on theirs. It is taken from
// the sum that it was part of; its assignment waits for the next iteration.
func (k *kmeans) fill(sums *points, count []int, centres *points, assigned []int) {
	var empty []int
	for c, n := range count {
		if n == 0 {
			empty = append(empty, c)
		}
	}
	if len(empty) == 0 {
		return
	}
	distance := k.distances(centres, assigned)
	for i, row := range farthest(distance, len(empty)) {
		if distance[row] == 0 && i == 0 {
			return
		}
		from, to := sums.row(assigned[row]), sums.row(empty[i])
		for j, v := range k.points.row(row) {
			from[j] -= v
			to[j] = v
		}
		count[assigned[row]]--
		count[empty[i]] = 1
	}
}

// farthest lists the n largest, the largest first, of equal ones the last: as NumPy's argpartition finds one.
func farthest(distance []float64, n int) []int {
	order := make([]int, len(distance))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(distance[b], distance[a]), b-a)
	})
	return order[:n]
}

// distances are those of the rows to their centres, squared.
func (k *kmeans) distances(centres *points, assigned []int) []float64 {
	d := make([]float64, k.points.rows)
	const atOnce = 1024
	parallel.Ranges(k.workers, len(d), atOnce, func(lo, hi int) {
		scratch := make([]float64, k.points.width)
		for i := lo; i < hi; i++ {
			d[i] = squaredDistance(k.points.row(i), centres.row(assigned[i]), 0, scratch)
		}
	})
	return d
}
