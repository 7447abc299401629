package retrieval

import (
	"parity/googlenet/kernel"
	"parity/googlenet/tensor"
)

// lanes is rows that a kernel multiplies others by, side by side in lines: element (t, j) of line b is the t-th number of
// row b Line + j.
type lanes[T tensor.Float] struct {
	set          *kernel.Set[T]
	width, lines int
	data         []T
	lengths      []kernel.Line
	none         []T // a bias of zeros
}

// newLanes packs n rows of the given width that begin a stride apart.
func newLanes[T tensor.Float](rows []T, stride, width, n int) *lanes[T] {
	set, line := kernel.For[T](), kernel.LineOf[T]()
	l := &lanes[T]{set: set, width: width, lines: (n + line - 1) / line, lengths: []kernel.Line{{Steps: width}}}
	l.none = make([]T, set.Blocks*line)
	l.data = make([]T, l.lines*width*line)
	for b := range l.lines {
		set.Interleave(l.data[b*width*line:], rows[b*line*stride:], stride, min(line, n-b*line), width)
	}
	return l
}

// multiply writes to c the products of n rows, which begin a stride apart, with the lines [from, from+blocks): those of a row
// are blocks lines, side by side. Each is one chain over the width.
func (l *lanes[T]) multiply(c, rows []T, stride, n, from, blocks int) {
	line, half := kernel.LineOf[T](), l.set.Rows/2
	across := blocks * line
	for at := 0; at < n; at += l.set.Rows {
		t := kernel.Tile[T]{
			Rows: min(l.set.Rows, n-at), Blocks: blocks,
			Step: stride, Second: half * stride, Next: 1,
			BNext: line, BBlock: l.width * line,
			CStep: across, CSecond: half * across, CBlock: line,
		}
		l.set.Multiply(&t, rows[at*stride:], l.data[from*l.width*line:], c[at*across:], l.none[:across], l.lengths)
	}
}
