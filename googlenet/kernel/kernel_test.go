package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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

// testTile computes tiles of every size: with lines of several lengths, a bias or what C holds, and a floor.
func testTile[T tensor.Float](t *testing.T, s *Set[T]) {
	r := rand.New(rand.NewPCG(1, 2))
	for rows := 1; rows <= s.Rows; rows++ {
		for blocks := 1; blocks <= s.Blocks; blocks++ {
			for _, lines := range [][]Line{{{0, 0, 1}}, {{3, 7, 5}, {0, 0, 2}}, {{1, 0, 16}, {40, 2 * LineOf[T](), 17}, {0, 5, 3}}} {
				checkTile(t, s, r, rows, blocks, lines)
			}
		}
	}
}

// canary surrounds what a kernel may touch: it must stay, and must not be read.
const canary = 8

// guarded returns room for n elements with canaries around it, and a check of those.
func guarded[T tensor.Float](n int) (inside []T, intact func() bool) {
	all := make([]T, n+2*canary)
	for i := range all {
		all[i] = T(math.NaN())
	}
	return all[canary : canary+n : canary+n], func() bool {
		for i := range canary {
			if all[i] == all[i] || all[canary+n+i] == all[canary+n+i] {
				return false
			}
		}
		return true
	}
}

func checkTile[T tensor.Float](t *testing.T, s *Set[T], r *rand.Rand, rows, blocks int, lines []Line) {
	t.Helper()
	line, half := LineOf[T](), s.Rows/2
	tile := Tile[T]{Rows: rows, Blocks: blocks, Step: 3, Second: 50, Next: 2, BNext: line + 3, BBlock: 64*line + 1, CStep: line + 5, CSecond: 9 * (line + 5), CBlock: 20 * (line + 5)}
	reachA, reachB := tile.Reach(half, lines)
	a, aIntact := guarded[T](reachA)
	b, bIntact := guarded[T](reachB)
	c, cIntact := guarded[T](max(tile.at(rows-1, half, tile.CStep, tile.CSecond), tile.at(min(rows, half)-1, half, tile.CStep, tile.CSecond)) + (blocks-1)*tile.CBlock + line)
	bias, biasIntact := guarded[T](blocks * line)
	for _, list := range [][]T{a, b, c, bias} {
		copy(list, drawn[T](r, len(list)))
	}
	for _, mode := range []struct{ biased, floor bool }{{true, false}, {false, true}, {false, false}, {true, true}} {
		want := slices.Clone(c)
		for i := range rows {
			for j := range blocks * line {
				at := tile.at(i, half, tile.CStep, tile.CSecond) + j/line*tile.CBlock + j%line
				sum := float64(c[at])
				if mode.biased {
					sum = float64(bias[j])
				}
				for _, l := range lines {
					for k := range l.Steps {
						sum += float64(a[l.A+tile.at(i, half, tile.Step, tile.Second)+k*tile.Next]) * float64(b[l.B+k*tile.BNext+j/line*tile.BBlock+j%line])
					}
				}
				if mode.floor {
					sum = max(sum, 0)
				}
				want[at] = T(sum)
			}
		}
		with := bias
		if !mode.biased {
			with = nil
		}
		tile.Floor(mode.floor)
		s.Multiply(&tile, a, b, c, with, lines)
		for i := range c {
			if d := math.Abs(float64(c[i] - want[i])); !(d <= 1e-4) {
				t.Fatalf("%d rows, %d blocks, %+v, %d lines: element %d is %v, want %v", rows, blocks, mode, len(lines), i, c[i], want[i])
			}
		}
	}
	if !aIntact() || !bIntact() || !cIntact() || !biasIntact() {
		t.Fatalf("%d rows, %d blocks: wrote outside", rows, blocks)
	}
}

// TestFloorKeepsNaN: what is no number is not less than zero, and a product of zero and infinity is none.
func TestFloorKeepsNaN(t *testing.T) { eachSet(t, testFloor[float32], testFloor[float64]) }

func testFloor[T tensor.Float](t *testing.T, s *Set[T]) {
	line := LineOf[T]()
	b, c, bias := make([]T, line), make([]T, line), make([]T, line)
	b[0], b[1], bias[2], bias[3] = T(math.Inf(1)), -1, T(math.Copysign(0, -1)), T(math.NaN())
	tile := Tile[T]{Rows: 1, Blocks: 1}
	tile.Floor(true)
	s.Multiply(&tile, []T{0}, b, c, bias, []Line{{0, 0, 1}})
	if c[0] == c[0] || c[1] != 0 || c[3] == c[3] {
		t.Errorf("got %v", c[:4])
	}
}

func TestTranspose(t *testing.T) { eachSet(t, testTranspose[float32], testTranspose[float64]) }

// testTranspose goes to lines and back with every number of rows and many lengths.
func testTranspose[T tensor.Float](t *testing.T, s *Set[T]) {
	line := LineOf[T]()
	r := rand.New(rand.NewPCG(3, 4))
	for rows := 1; rows <= line; rows++ {
		for n := 1; n < 40; n++ {
			stride := n + 3
			src := drawn[T](r, (rows-1)*stride+n)
			lines, linesIntact := guarded[T](n * line)
			back, backIntact := guarded[T]((rows-1)*stride + n)
			s.Interleave(lines, src, stride, rows, n)
			s.Deinterleave(back, stride, rows, n, lines)
			for j := range n {
				for i := range line {
					want := T(0)
					if i < rows {
						want = src[i*stride+j]
						if got := back[i*stride+j]; got != want {
							t.Fatalf("%d rows of %d: back (%d, %d) is %v, want %v", rows, n, i, j, got, want)
						}
					}
					if got := lines[j*line+i]; got != want {
						t.Fatalf("%d rows of %d: line %d, element %d is %v, want %v", rows, n, j, i, got, want)
					}
				}
			}
			if !linesIntact() || !backIntact() {
				t.Fatalf("%d rows of %d: wrote outside", rows, n)
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
	line := LineOf[T]()
	left, right, c := make([]T, s.Rows*k), make([]T, k*s.Blocks*line), make([]T, s.Rows*s.Blocks*line)
	tile := Tile[T]{Rows: s.Rows, Blocks: s.Blocks, Step: k, Second: s.Rows / 2 * k, Next: 1, BNext: line, BBlock: k * line, CStep: line, CSecond: s.Rows / 2 * line, CBlock: s.Rows * line}
	b.Run(fmt.Sprintf("%s/%dx%d", name, s.Rows, s.Blocks*line), func(b *testing.B) {
		for b.Loop() {
			s.Multiply(&tile, left, right, c, right, []Line{{0, 0, k}})
		}
		b.ReportMetric(float64(2*s.Rows*s.Blocks*line*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	})
}
