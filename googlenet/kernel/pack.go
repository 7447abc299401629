package kernel

import (
	"unsafe"

	"parity/googlenet/tensor"
)

// PackedLen is the number of elements that PackRows writes.
func PackedLen[T tensor.Float](rows, k int) int {
	n := line[T]()
	return (k + n - 1) / n * n * rows
}

// PackRows lays rows of k elements out as Tile reads them: the first line of every row, then the second of every row
// and so on. Row i of src begins at i*stride.
func PackRows[T tensor.Float](dst, src []T, stride, rows, k int) {
	n := line[T]()
	for from := 0; from < k; from += n {
		for i := range rows {
			copy(dst[:n], src[i*stride+from:i*stride+min(from+n, k)])
			dst = dst[n:]
		}
	}
}

// Piece is a stretch that lies together on both sides of Move: Src elements from its row's beginning in the source,
// Dst elements from its row's beginning in the panel, at most a vector long.
type Piece struct{ Src, Dst, Len int }

// Move packs a panel of rows: row i takes its pieces, which are in the order of Dst without gaps, from
// src[offsets[i]:] to dst[i*step:]. Both may be touched for a vector beyond what belongs to them.
func (s *Set[T]) Move(dst []T, step int, src []T, offsets []int, pieces []Piece) {
	last := pieces[len(pieces)-1]
	rows := len(offsets)
	_ = dst[(rows-1)*step+last.Dst+s.Lanes-1]
	s.move(&dst[0], step, &src[0], &offsets[0], rows, (*int)(unsafe.Pointer(&pieces[0])), len(pieces))
}
