package kernel

import (
	"unsafe"

	"parity/googlenet/tensor"
)

// poolFunc pools count windows of lines into count lines of dst: window i begins at src[i*next], and its rows of cells lines
// are rowStep apart. constants are what each result begins with and what the mean is divided by.
type poolFunc[T tensor.Float] func(dst, src *T, count, next, rows, rowStep, cells int, constants *T)

// Windows are count windows of lines, Next elements apart, with rows of cells that are RowStep apart.
type Windows struct{ Count, Next, Rows, RowStep, Cells int }

// reach is the number of elements that the windows touch.
func (w Windows) reach(line int) int {
	return (w.Count-1)*w.Next + (w.Rows-1)*w.RowStep + w.Cells*line
}

// Maximum writes, for each window, a line of the largest values: the first of equal ones, at least lowest, NaN if there is
// any.
func (s *Set[T]) Maximum(dst, src []T, w Windows, lowest T) {
	s.pool(s.maximum, dst, src, w, []T{lowest, 1})
}

// Mean writes, for each window, a line of sums over the window, row by row, divided by a number.
func (s *Set[T]) Mean(dst, src []T, w Windows, by T) { s.pool(s.mean, dst, src, w, []T{0, by}) }

func (s *Set[T]) pool(f poolFunc[T], dst, src []T, w Windows, constants []T) {
	if w.Count < 1 || w.Rows < 1 || w.Cells < 1 {
		panic("kernel: no window")
	}
	line := LineOf[T]()
	_, _ = dst[w.Count*line-1], src[w.reach(line)-1]
	f(&dst[0], &src[0], w.Count, w.Next, w.Rows, w.RowStep, w.Cells, &constants[0])
}

func portableMaximum[T tensor.Float](dst, src *T, count, next, rows, rowStep, cells int, constants *T) {
	portablePool(dst, src, Windows{count, next, rows, rowStep, cells}, constants, func(best, v T) T {
		if v > best || v != v {
			return v
		}
		return best
	})
}

func portableMean[T tensor.Float](dst, src *T, count, next, rows, rowStep, cells int, constants *T) {
	portablePool(dst, src, Windows{count, next, rows, rowStep, cells}, constants, func(sum, v T) T { return sum + v })
	by := unsafe.Slice(constants, 2)[1]
	to := unsafe.Slice(dst, count*LineOf[T]())
	for i := range to {
		to[i] /= by
	}
}

func portablePool[T tensor.Float](dst, src *T, w Windows, constants *T, take func(result, v T) T) {
	line := LineOf[T]()
	to, from := unsafe.Slice(dst, w.Count*line), unsafe.Slice(src, w.reach(line))
	for i := range to {
		result := *constants
		for row := range w.Rows {
			for cell := range w.Cells {
				result = take(result, from[i/line*w.Next+row*w.RowStep+cell*line+i%line])
			}
		}
		to[i] = result
	}
}
