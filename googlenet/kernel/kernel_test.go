package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

func drawn[T tensor.Float](r *rand.Rand, n int) []T {
	s := make([]T, n)
	for i := range s {
		s[i] = T(r.NormFloat64())
	}
	return s
}

// eachSet runs a test for every instruction set that this processor has.
func eachSet(t *testing.T, f32 func(*testing.T, *Set[float32]), f64 func(*testing.T, *Set[float64])) {
	for _, s := range append(assembly(), portable()) {
		if s.available {
			t.Run(s.name+"/float32", func(t *testing.T) { f32(t, &s.f32) })
			t.Run(s.name+"/float64", func(t *testing.T) { f64(t, &s.f64) })
		}
	}
}

func TestTile(t *testing.T) { eachSet(t, testTile[float32], testTile[float64]) }

// testTile multiplies tiles of every height and width and compares with float64 within k roundings.
func testTile[T tensor.Float](t *testing.T, s *Set[T]) {
	r := rand.New(rand.NewPCG(1, 2))
	for rows := 1; rows <= s.Rows; rows++ {
		for vectors := 1; vectors <= 2; vectors++ {
			for _, k := range []int{1, 7, 16, 17, 40} {
				for _, biased := range []bool{true, false} {
					checkTile(t, s, r, rows, vectors, k, biased)
				}
			}
		}
	}
}

func checkTile[T tensor.Float](t *testing.T, s *Set[T], r *rand.Rand, rows, vectors, k int, biased bool) {
	t.Helper()
	width := vectors * s.Lanes
	ldb, ldc, stride := width+3, width+5, k+2
	a, b, c := drawn[T](r, rows*stride), drawn[T](r, k*ldb), drawn[T](r, rows*ldc)
	bias := drawn[T](r, rows)
	want := append([]T(nil), c...)
	for i := range rows {
		for j := range width {
			sum := float64(c[i*ldc+j])
			if biased {
				sum = float64(bias[i])
			}
			for p := range k {
				sum += float64(a[i*stride+p]) * float64(b[p*ldb+j])
			}
			want[i*ldc+j] = T(sum)
		}
	}
	packed := make([]T, PackedLen[T](rows, k))
	PackRows(packed, a, stride, rows, k)
	if !biased {
		bias = nil
	}
	s.Tile(rows, vectors, k, packed, b, ldb, c, ldc, bias)
	for i := range c {
		if d := math.Abs(float64(c[i] - want[i])); !(d <= 1e-5) {
			t.Fatalf("%dx%d over %d, bias %v: element %d is %v, want %v", rows, width, k, biased, i, c[i], want[i])
		}
	}
}

func TestMove(t *testing.T) { eachSet(t, testMove[float32], testMove[float64]) }

func testMove[T tensor.Float](t *testing.T, s *Set[T]) {
	src := drawn[T](rand.New(rand.NewPCG(3, 4)), 400)
	pieces := []Piece{{Src: 5, Dst: 0, Len: s.Lanes}, {Src: 40, Dst: s.Lanes, Len: 3}, {Src: 0, Dst: s.Lanes + 3, Len: 1}}
	offsets, step := []int{0, 100, 7}, 2*s.Lanes
	dst := make([]T, 3*step+s.Lanes)
	s.Move(dst, step, src, offsets, pieces)
	for i, offset := range offsets {
		for _, p := range pieces {
			for j := range p.Len {
				if got, want := dst[i*step+p.Dst+j], src[offset+p.Src+j]; got != want {
					t.Errorf("row %d, piece %v, element %d: got %v, want %v", i, p, j, got, want)
				}
			}
		}
	}
}

func TestDot(t *testing.T) { eachSet(t, testDot[float32], testDot[float64]) }

func testDot[T tensor.Float](t *testing.T, s *Set[T]) {
	r := rand.New(rand.NewPCG(5, 6))
	for n := range 300 {
		a, b := drawn[T](r, n), drawn[T](r, n)
		want := 0.0
		for i := range a {
			want += float64(a[i]) * float64(b[i])
		}
		if got := s.Dot(a, b); !(math.Abs(float64(got)-want) <= 1e-4) {
			t.Fatalf("%d elements: got %v, want %v", n, got, want)
		}
	}
}

func TestNaNIsNotLost(t *testing.T) { eachSet(t, testNaN[float32], testNaN[float64]) }

func testNaN[T tensor.Float](t *testing.T, s *Set[T]) {
	a, b := make([]T, 200), make([]T, 200)
	for i := range a {
		a[i] = T(math.NaN())
		if got := s.Dot(a, b); got == got {
			t.Errorf("NaN at %d: the sum is %v", i, got)
		}
		a[i] = 0
	}
}

func TestChoose(t *testing.T) {
	for _, name := range []string{"portable", "PORTABLE"} {
		if s, err := choose(name); err != nil || s.name != "portable" {
			t.Errorf("%s: got %v (%v)", name, s.name, err)
		}
	}
	best, err := choose("")
	if err != nil {
		t.Fatal(err)
	}
	s, err := choose("mmx")
	if err == nil || !strings.Contains(err.Error(), "portable") || s.name != best.name {
		t.Errorf("an unknown set: got %v (%v)", s.name, err)
	}
}

// BenchmarkTile reports the share of a large tile in the whole of what one core can do.
func BenchmarkTile(b *testing.B) {
	for _, s := range append(assembly(), portable()) {
		if s.available {
			benchmarkTile(b, s.name+"/float32", &s.f32)
			benchmarkTile(b, s.name+"/float64", &s.f64)
		}
	}
}

func benchmarkTile[T tensor.Float](b *testing.B, name string, s *Set[T]) {
	const k = 576
	width := 2 * s.Lanes
	packed, right, c := make([]T, PackedLen[T](s.Rows, k)), make([]T, k*width), make([]T, s.Rows*width)
	bias := make([]T, s.Rows)
	b.Run(fmt.Sprintf("%s/%dx%d", name, s.Rows, width), func(b *testing.B) {
		for b.Loop() {
			s.Tile(s.Rows, 2, k, packed, right, width, c, width, bias)
		}
		b.ReportMetric(float64(2*s.Rows*width*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	})
}
