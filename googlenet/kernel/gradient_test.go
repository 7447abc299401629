package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/tensor"
)

func TestBlend(t *testing.T) { eachSet(t, testBlend[float32], testBlend[float64]) }

func testBlend[T tensor.Float](t *testing.T, s *Set[T]) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		x, y := drawn[T](r, n), drawn[T](r, n)
		got, intact := guarded[T](n)
		copy(got, y)
		s.Blend(0.3, x, 0.7, got)
		for i := range n {
			if want := T(math.FMA(float64(T(0.3)), float64(x[i]), float64(T(0.7)*y[i]))); got[i] != want {
				t.Errorf("%d elements: %d is %v, want %v", n, i, got[i], want)
			}
		}
		if !intact() {
			t.Errorf("%d elements: wrote outside", n)
		}
	}
}

func TestPlusAndGate(t *testing.T) {
	eachSet(t, testPlusAndGate[float32], testPlusAndGate[float64])
}

func testPlusAndGate[T tensor.Float](t *testing.T, s *Set[T]) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		x, d := drawn[T](r, n), drawn[T](r, n)
		sum, sumIntact := guarded[T](n)
		gated, gatedIntact := guarded[T](n)
		if n > 3 {
			x[0], x[1], d[2], x[2] = T(math.NaN()), 0, T(math.NaN()), -1
		}
		copy(sum, x)
		s.Plus(sum, d)
		s.Gate(gated, x, d)
		for i := range n {
			want := d[i]
			if !(x[i] > 0) {
				want = 0 * d[i]
			}
			if got := gated[i]; got != want && (got == got || want == want) {
				t.Fatalf("%d elements: gradient %d is %v, want %v", n, i, got, want)
			}
			if got, want := sum[i], x[i]+d[i]; got != want && (got == got || want == want) {
				t.Fatalf("%d elements: sum %d is %v, want %v", n, i, got, want)
			}
		}
		if !sumIntact() || !gatedIntact() {
			t.Fatalf("%d elements: wrote outside", n)
		}
	}
}

func TestMaximumBackward(t *testing.T) {
	eachSet(t, testMaximumBackward[float32], testMaximumBackward[float64])
}

// testMaximumBackward pools overlapping windows of few different values, so that there are ties.
func testMaximumBackward[T tensor.Float](t *testing.T, s *Set[T]) {
	line, r := LineOf[T](), rand.New(rand.NewPCG(1, 2))
	for _, w := range []Windows{{1, 0, 1, 0, 1}, {3, line, 3, 9 * line, 3}, {2, 2 * line, 2, 7 * line, 4}, {5, line, 7, 7 * line, 1}} {
		x, d := make([]T, w.reach(line)), drawn[T](r, w.Count*line)
		for i := range x {
			x[i] = T(r.IntN(4)) - 2
		}
		x[len(x)-1] = T(math.NaN())
		got, intact := guarded[T](len(x))
		clear(got)
		want := make([]T, len(x))
		s.MaximumBackward(got, x, d, w, -1.5)
		constants := []T{-1.5, 1}
		portableMaximumBackward(&want[0], &x[0], &d[0], w.Count, w.Next, w.Rows, w.RowStep, w.Cells, &constants[0])
		total, passed := 0.0, 0.0
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%+v: gradient %d is %v, want %v", w, i, got[i], want[i])
			}
			passed += float64(got[i])
		}
		for i, v := range d {
			if largest(x, w, i, line) >= -1.5 {
				total += float64(v)
			}
		}
		if math.Abs(total-passed) > 1e-4 {
			t.Errorf("%+v: %v came in, %v out", w, total, passed)
		}
		if !intact() {
			t.Errorf("%+v: wrote outside", w)
		}
	}
}

// largest is the largest number in a window, infinity if there is something else.
func largest[T tensor.Float](x []T, w Windows, i, line int) float64 {
	best := math.Inf(-1)
	for row := range w.Rows {
		for cell := range w.Cells {
			v := float64(x[i/line*w.Next+row*w.RowStep+cell*line+i%line])
			if v != v {
				return math.Inf(1)
			}
			best = max(best, v)
		}
	}
	return best
}

func TestNormaliseBackward(t *testing.T) {
	eachSet(t, testNormaliseBackward[float32], testNormaliseBackward[float64])
}

func testNormaliseBackward[T tensor.Float](t *testing.T, s *Set[T]) {
	line, r := LineOf[T](), rand.New(rand.NewPCG(1, 2))
	const cells, blocks, alpha, k = 3, 2, 0.3, 2
	plane := (cells + 2) * line
	for size := 1; size <= 5; size++ {
		down := (size - 1) / 2
		x, d := drawn[T](r, plane+cells*line), drawn[T](r, plane+cells*line)
		to, intact := guarded[T](len(x))
		s.NormaliseBackward(to, x, d, cells, blocks, plane, down, size, alpha, k)
		channels := blocks * line
		for cell := range cells {
			at := func(c int) int { return c/line*plane + cell*line + c%line }
			scale := func(c int) float64 {
				sum := 0.0
				for other := max(c-down, 0); other < min(c-down+size, channels); other++ {
					sum += float64(x[at(other)]) * float64(x[at(other)])
				}
				return k + alpha*sum
			}
			for c := range channels {
				want := float64(d[at(c)]) * math.Pow(scale(c), -0.75)
				for other := range channels {
					if c >= other-down && c < other-down+size {
						want -= 1.5 * alpha * float64(x[at(c)]) * float64(d[at(other)]) * float64(x[at(other)]) * math.Pow(scale(other), -1.75)
					}
				}
				if e := math.Abs(float64(to[at(c)]) - want); !(e <= 2e-6) {
					t.Fatalf("window of %d: channel %d is %v, want %v", size, c, to[at(c)], want)
				}
			}
		}
		if !intact() {
			t.Errorf("window of %d: wrote outside", size)
		}
	}
}
