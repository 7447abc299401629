package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/tensor"
)

func TestPool(t *testing.T) { eachSet(t, testPool[float32], testPool[float64]) }

// testPool pools windows of several sizes that overlap, one of them with NaN.
func testPool[T tensor.Float](t *testing.T, s *Set[T]) {
	line, r := LineOf[T](), rand.New(rand.NewPCG(1, 2))
	for _, w := range []Windows{{1, 0, 1, 0, 1}, {3, line, 3, 9 * line, 3}, {2, 2 * line, 2, 7 * line, 4}, {5, line, 7, 7 * line, 1}} {
		src, srcIntact := guarded[T](w.reach(line))
		largest, largestIntact := guarded[T](w.Count * line)
		mean, meanIntact := guarded[T](w.Count * line)
		copy(src, drawn[T](r, len(src)))
		src[0] = T(math.NaN())
		s.Maximum(largest, src, w, -1)
		s.Mean(mean, src, w, 3)
		for i := range largest {
			best, sum := T(-1), T(0)
			for row := range w.Rows {
				for cell := range w.Cells {
					v := src[i/line*w.Next+row*w.RowStep+cell*line+i%line]
					sum += v
					if v > best || v != v {
						best = v
					}
				}
			}
			if got := largest[i]; got != best && (got == got || best == best) {
				t.Errorf("%+v: largest %d is %v, want %v", w, i, got, best)
			}
			if got := mean[i]; got != sum/3 && (got == got || sum == sum) {
				t.Errorf("%+v: mean %d is %v, want %v", w, i, got, sum/3)
			}
		}
		if largest[0] == largest[0] || mean[0] == mean[0] {
			t.Errorf("%+v: a NaN was lost", w)
		}
		if !srcIntact() || !largestIntact() || !meanIntact() {
			t.Errorf("%+v: wrote outside", w)
		}
	}
}

func TestNormalise(t *testing.T) { eachSet(t, testNormalise[float32], testNormalise[float64]) }

func testNormalise[T tensor.Float](t *testing.T, s *Set[T]) {
	line, r := LineOf[T](), rand.New(rand.NewPCG(1, 2))
	const cells, blocks, alpha, k = 3, 2, 0.3, 2
	plane := (cells + 2) * line
	for size := 1; size <= 5; size++ {
		down := (size - 1) / 2
		x, xIntact := guarded[T](plane + cells*line)
		y, yIntact := guarded[T](plane + cells*line)
		copy(x, drawn[T](r, len(x)))
		s.Normalise(y, x, cells, blocks, plane, down, size, alpha, k)
		for cell := range cells {
			at := func(c int) int { return c/line*plane + cell*line + c%line }
			for c := range blocks * line {
				sum := 0.0
				for other := max(c-down, 0); other < min(c-down+size, blocks*line); other++ {
					sum += float64(x[at(other)]) * float64(x[at(other)])
				}
				want := float64(x[at(c)]) * math.Pow(k+alpha*sum, -0.75)
				if d := math.Abs(float64(y[at(c)]) - want); !(d <= 1e-6) {
					t.Errorf("window of %d: channel %d is %v, want %v", size, c, y[at(c)], want)
				}
			}
		}
		if !xIntact() || !yIntact() {
			t.Errorf("window of %d: wrote outside", size)
		}
	}
}

func TestFloor(t *testing.T) { eachSet(t, testFloorSlice[float32], testFloorSlice[float64]) }

func testFloorSlice[T tensor.Float](t *testing.T, s *Set[T]) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		src, _ := guarded[T](n)
		dst, intact := guarded[T](n)
		copy(src, drawn[T](r, n))
		if n > 0 {
			src[n/2] = T(math.NaN())
		}
		s.Floor(dst, src)
		for i, v := range src {
			want := v
			if v < 0 {
				want = 0
			}
			if dst[i] != want && (dst[i] == dst[i] || want == want) {
				t.Errorf("%d elements: %d is %v, want %v", n, i, dst[i], want)
			}
		}
		if !intact() {
			t.Errorf("%d elements: wrote outside", n)
		}
	}
}
