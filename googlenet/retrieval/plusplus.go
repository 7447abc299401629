package retrieval

import (
	"context"
	"math"
	"math/rand/v2"

	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
)

// draw is k-means++ [Arthur and Vassilvitskii 2007]: the first centre is any row, each further one is drawn with a
// probability in proportion to the squared distance to the nearest centre so far. Of several drawn, the one that leaves the
// least sum of distances is taken; scikit-learn draws 2 + log k.
func (k *kmeans) draw(ctx context.Context, r *rand.Rand) (*points, error) {
	tries := 2 + int(math.Log(float64(k.options.Clusters)))
	out := &points{0, k.points.width, make([]float64, 0, k.options.Clusters*k.points.width)}
	squares := k.distances(&points{1, k.points.width, make([]float64, k.points.width)}, make([]int, k.points.rows))
	nearest := make([]float64, k.points.rows)
	for i := range nearest {
		nearest[i] = math.Inf(1)
	}
	chosen := []int{r.IntN(k.points.rows)}
	for {
		nearest = k.choose(out, k.nearer(nearest, squares, chosen), chosen)
		if out.rows == k.options.Clusters {
			return out, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		chosen = chosen[:0]
		total := sum(nearest)
		for range tries {
			chosen = append(chosen, weighted(nearest, total*r.Float64()))
		}
	}
}

func sum(v []float64) float64 {
	total := 0.0
	for _, x := range v {
		total += x
	}
	return total
}

// weighted is the first place at which the sum so far exceeds a number.
func weighted(weights []float64, at float64) int {
	last := 0
	for i, w := range weights {
		if w > 0 {
			last = i
			if at -= w; at < 0 {
				return i
			}
		}
	}
	return last
}

// choose takes the row among those tried that leaves the least sum.
func (k *kmeans) choose(out *points, left [][]float64, tried []int) []float64 {
	best := 0
	for i := range left {
		if sum(left[i]) < sum(left[best]) {
			best = i
		}
	}
	out.data = append(out.data, k.points.row(tried[best])...)
	out.rows++
	return left[best]
}

// nearer returns, for each row tried as a centre, the squared distances to the nearest centre then.
func (k *kmeans) nearer(nearest, squares []float64, tried []int) [][]float64 {
	width := k.points.width
	t := k.points.choose(tried)
	l := newLanes(t.data, width, width, len(tried))
	left := make([][]float64, len(tried))
	for i := range left {
		left[i] = make([]float64, len(nearest))
	}
	line := kernel.LineOf[float64]()
	const atOnce = 256
	parallel.Ranges(k.workers, len(nearest), atOnce, func(lo, hi int) {
		c := make([]float64, (hi-lo)*l.set.Blocks*line)
		for b := 0; b < l.lines; b += l.set.Blocks {
			blocks := min(l.set.Blocks, l.lines-b)
			l.multiply(c, k.points.data[lo*width:], width, hi-lo, b, blocks)
			for j := range min(blocks*line, len(tried)-b*line) {
				of := squares[tried[b*line+j]]
				for i := lo; i < hi; i++ {
					d := squares[i] + of - float64(2*c[(i-lo)*blocks*line+j])
					left[b*line+j][i] = min(nearest[i], max(d, 0))
				}
			}
		}
	})
	// A centre's own distance is zero, whatever rounding makes of it.
	for i, row := range tried {
		left[i][row] = 0
	}
	return left
}
