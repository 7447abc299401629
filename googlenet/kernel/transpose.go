package kernel

import (
	"parity/googlenet/tensor"
)

// transposeFunc transposes count square blocks: element (i, j) of a block is src[i*srcStep+j] and becomes dst[j*dstStep+i].
// The next block is srcNext and dstNext further on.
type transposeFunc[T tensor.Float] func(dst *T, dstStep, dstNext int, src *T, srcStep, srcNext, count int)

// sideBytes is the length of a row of such a block.
const sideBytes = 32

// Interleave writes lines: element i of line j is src[i*stride+j], for i below rows, and zero beyond. dst is n lines.
func (s *Set[T]) Interleave(dst, src []T, stride, rows, n int) {
	line := LineOf[T]()
	if rows < line {
		clear(dst[:n*line])
	}
	side, _ := s.square()
	for from := 0; from < rows; from += side {
		s.transposed(dst[from:], line, src[from*stride:], stride, min(side, rows-from), n)
	}
}

// Deinterleave is the way back: it writes dst[i*stride+j] for i below rows and j below n.
func (s *Set[T]) Deinterleave(dst []T, stride, rows, n int, src []T) {
	line := LineOf[T]()
	side, _ := s.square()
	for from := 0; from < n; from += side {
		s.transposed(dst[from:], stride, src[from*line:], line, min(side, n-from), rows)
	}
}

// square is the side of the blocks that are transposed at once.
func (s *Set[T]) square() (side int, ok bool) {
	return LineOf[T]() * sideBytes / lineBytes, s.transpose != nil
}

// transposed writes dst[j*dstStep+i] = src[i*srcStep+j] for i below rows, at most a side, and j below n. The last block
// overlaps the one before.
func (s *Set[T]) transposed(dst []T, dstStep int, src []T, srcStep, rows, n int) {
	side, fast := s.square()
	if !fast || rows < side || n < side {
		for i := range rows {
			for j, v := range src[i*srcStep:][:n] {
				dst[j*dstStep+i] = v
			}
		}
		return
	}
	_, _ = dst[(n-1)*dstStep+side-1], src[(side-1)*srcStep+n-1]
	s.transpose(&dst[0], dstStep, side*dstStep, &src[0], srcStep, side, n/side)
	if n%side != 0 {
		s.transpose(&dst[(n-side)*dstStep], dstStep, 0, &src[n-side], srcStep, 0, 1)
	}
}
