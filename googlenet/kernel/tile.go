package kernel

import (
	"unsafe"

	"parity/googlenet/tensor"
)

// lineBytes is the length of a line: the elements that are together in memory, and the width of a block of columns.
const lineBytes = 64

// LineOf is the number of elements in a line.
func LineOf[T tensor.Float]() int {
	var one T
	return lineBytes / int(unsafe.Sizeof(one))
}

// Line is a run of terms of a product: where they begin, in elements from the beginning of A and B, and how many there are.
type Line struct{ A, B, Steps int }

// Tile is a product of matrices that is small enough for its sums to stay in registers. With s(t) the step t of line l,
//
//	C[i, j] = bias[j] + sum_{l, t} A[i, l, t] B[l, t, j],
//
// or C += the sum, where there is no bias. A row i of A begins at i Step, one of the second half of the largest number of
// rows (Rows of the Set) at Second + (i - half) Step; its next term is Next further on. Columns are blocks of a line each:
// one of B begins BBlock after the one before, the row for the next term BNext further on. C is addressed like A.
type Tile[T tensor.Float] struct {
	a, b, c, bias *T
	lines         *Line
	count         int

	Rows, Blocks           int
	Step, Second, Next     int
	BNext, BBlock          int
	CStep, CSecond, CBlock int
	floor                  int
}

// Floor says whether what is less than zero becomes zero: the ReLU.
func (t *Tile[T]) Floor(on bool) {
	t.floor = 0
	if on {
		t.floor = 1
	}
}

// At is where row i of A begins.
func (t *Tile[T]) at(i, half, step, second int) int {
	if i < half {
		return i * step
	}
	return second + (i-half)*step
}

// Multiply computes the tile. What it reads of A, B and bias and writes of C lies within the slices; a bias is as wide as
// the tile.
func (s *Set[T]) Multiply(t *Tile[T], a, b, c, bias []T, lines []Line) {
	if len(lines) == 0 || t.Rows < 1 || t.Rows > s.Rows || t.Blocks < 1 || t.Blocks > s.Blocks {
		panic("kernel: no such tile")
	}
	line, last := LineOf[T](), t.Rows-1
	end := max(t.at(last, s.Rows/2, t.CStep, t.CSecond), t.at(min(last, s.Rows/2-1), s.Rows/2, t.CStep, t.CSecond))
	_ = c[end+(t.Blocks-1)*t.CBlock+line-1]
	t.bias = nil
	if bias != nil {
		t.bias = &bias[:t.Blocks*line][0]
	}
	t.a, t.b, t.c, t.lines, t.count = &a[0], &b[0], &c[0], &lines[0], len(lines)
	s.tile(t)
}

// Reach is the number of elements of A and B that a tile touches.
func (t *Tile[T]) Reach(half int, lines []Line) (a, b int) {
	rows := max(t.at(t.Rows-1, half, t.Step, t.Second), t.at(min(t.Rows, half)-1, half, t.Step, t.Second))
	for _, l := range lines {
		a = max(a, l.A+rows+(l.Steps-1)*t.Next+1)
		b = max(b, l.B+(l.Steps-1)*t.BNext+(t.Blocks-1)*t.BBlock+LineOf[T]())
	}
	return a, b
}

// portableTile adds row by row.
func portableTile[T tensor.Float](t *Tile[T]) {
	line, half := LineOf[T](), portableRows/2
	lines := unsafe.Slice(t.lines, t.count)
	reachA, reachB := t.Reach(half, lines)
	a, b := unsafe.Slice(t.a, reachA), unsafe.Slice(t.b, reachB)
	var sums [portableBlocks * 16]T
	for i := range t.Rows {
		to := unsafe.Add(unsafe.Pointer(t.c), t.at(i, half, t.CStep, t.CSecond)*int(unsafe.Sizeof(*t.c)))
		c := unsafe.Slice((*T)(to), (t.Blocks-1)*t.CBlock+line)
		row := sums[:t.Blocks*line]
		for j := range row {
			if row[j] = c[j/line*t.CBlock+j%line]; t.bias != nil {
				row[j] = unsafe.Slice(t.bias, len(row))[j]
			}
		}
		for _, l := range lines {
			for k := range l.Steps {
				factor, right := a[l.A+t.at(i, half, t.Step, t.Second)+k*t.Next], l.B+k*t.BNext
				for block := range t.Blocks {
					addScaled(row[block*line:][:line], factor, b[right+block*t.BBlock:][:line])
				}
			}
		}
		for j, v := range row {
			if t.floor != 0 && v < 0 {
				v = 0
			}
			c[j/line*t.CBlock+j%line] = v
		}
	}
}

func addScaled[T tensor.Float](sums []T, factor T, row []T) {
	for j, v := range row {
		sums[j] += factor * v
	}
}
