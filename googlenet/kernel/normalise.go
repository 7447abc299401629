package kernel

import (
	"math"
	"unsafe"

	"parity/googlenet/tensor"
)

// normaliseFunc is Normalise; squares has a line before the first block and one behind the last, down is from the first
// channel of a window to its own one, and constants are alpha and k.
type normaliseFunc[T tensor.Float] func(y, x *T, cells, blocks, plane int, squares *T, down, size int, constants *T)

// Normalise writes x / (k + alpha sum x^2)^(3/4) for cells whose channels are in blocks, plane elements apart: the sum is
// over a window of size channels, down of them below the channel itself, which reaches less than a line up and down.
func (s *Set[T]) Normalise(y, x []T, cells, blocks, plane, down, size int, alpha, k T) {
	line := LineOf[T]()
	if cells < 1 || blocks < 1 || size < 1 || down < 0 || down >= size || size > line {
		panic("kernel: no such window of channels")
	}
	end := (blocks-1)*plane + cells*line - 1
	_, _ = y[end], x[end]
	squares := make([]T, (blocks+2)*line)
	constants := []T{alpha, k}
	s.normalise(&y[0], &x[0], cells, blocks, plane, &squares[0], down, size, &constants[0])
}

func portableNormalise[T tensor.Float](y, x *T, cells, blocks, plane int, squares *T, down, size int, constants *T) {
	line := LineOf[T]()
	end := (blocks-1)*plane + cells*line
	to, from, c := unsafe.Slice(y, end), unsafe.Slice(x, end), unsafe.Slice(constants, 2)
	square := unsafe.Slice(squares, (blocks+2)*line)
	for cell := range cells {
		at := func(channel int) int { return channel/line*plane + cell*line + channel%line }
		for channel := range blocks * line {
			v := from[at(channel)]
			square[line+channel] = v * v
		}
		for channel := range blocks * line {
			var sum T
			for _, v := range square[line+channel-down:][:size] {
				sum += v
			}
			root := T(math.Sqrt(float64(c[1] + c[0]*sum)))
			to[at(channel)] = from[at(channel)] / (root * T(math.Sqrt(float64(root))))
		}
	}
}
