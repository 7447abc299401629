package kernel

import (
	"time"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Peak measures what the processor can do at most: the operations a second, products and sums counted apart, of the largest
// tile on as many threads at a time, all in first-level caches. Each thread counts with its best stretch, so that what else the
// machine does hardly matters.
func Peak[T tensor.Float](threads int) float64 {
	best := make([]float64, threads)
	parallel.For(threads, threads, func(i int) { best[i] = bestStretch[T]() })
	sum := 0.0
	for _, v := range best {
		sum += v
	}
	return sum
}

// bestStretch computes a tile again and again, and returns the most operations a second over stretches too short to be
// interrupted often.
func bestStretch[T tensor.Float]() float64 {
	const terms, least, stretch = 128, 20 * time.Millisecond, 64
	s, line := For[T](), LineOf[T]()
	t := Tile[T]{
		Rows: s.Rows, Blocks: s.Blocks, Step: terms, Second: s.Rows / 2 * terms, Next: 1, BNext: line, BBlock: terms * line,
		CStep: line, CSecond: s.Rows / 2 * line, CBlock: s.Rows * line,
	}
	a, b, c := make([]T, s.Rows*terms), make([]T, s.Blocks*terms*line), make([]T, s.Rows*s.Blocks*line)
	lines := []Line{{Steps: terms}}
	best := 0.0
	for begin := time.Now(); time.Since(begin) < least; {
		from := time.Now()
		for range stretch {
			s.Multiply(&t, a, b, c, b, lines)
		}
		done := 2 * s.Rows * s.Blocks * line * terms * stretch
		best = max(best, float64(done)/time.Since(from).Seconds())
	}
	return best
}
