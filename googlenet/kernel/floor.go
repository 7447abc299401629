package kernel

import (
	"unsafe"

	"parity/googlenet/tensor"
)

// floorFunc writes src with zero for what is less than zero; n is a multiple of the lanes.
type floorFunc[T tensor.Float] func(dst, src *T, n int)

// Floor writes src with zero for what is less than zero.
func (s *Set[T]) Floor(dst, src []T) {
	n := len(src) / s.lanes * s.lanes
	dst = dst[:len(src)]
	if n > 0 {
		s.floor(&dst[0], &src[0], n)
	}
	floorSlice(dst[n:], src[n:])
}

func portableFloor[T tensor.Float](dst, src *T, n int) {
	floorSlice(unsafe.Slice(dst, n), unsafe.Slice(src, n))
}

func floorSlice[T tensor.Float](dst, src []T) {
	for i, v := range src {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}
