package kernel

import (
	"unsafe"

	"parity/googlenet/tensor"
)

// portable is the set in Go, for every processor.
func portable() sets {
	return sets{
		name: "portable", available: true,
		f32: Set[float32]{portableRows, portableLanes, portableTile[float32], portableMove[float32], portableDot[float32]},
		f64: Set[float64]{portableRows, portableLanes, portableTile[float64], portableMove[float64], portableDot[float64]},
	}
}

const (
	portableRows  = 4
	portableLanes = 8
)

// portableTile adds column by column of A times row by row of B.
func portableTile[T tensor.Float](rows, vectors, k int, a, b *T, ldb int, c *T, ldc int, bias *T) {
	width := vectors * portableLanes
	packed := unsafe.Slice(a, PackedLen[T](rows, k))
	right := unsafe.Slice(b, (k-1)*ldb+width)
	out := unsafe.Slice(c, (rows-1)*ldc+width)
	if bias != nil {
		for i, v := range unsafe.Slice(bias, rows) {
			fill(out[i*ldc:i*ldc+width], v)
		}
	}
	n := line[T]()
	for p := range k {
		row := right[p*ldb : p*ldb+width]
		for i := range rows {
			factor := packed[(p/n*rows+i)*n+p%n]
			sum := out[i*ldc : i*ldc+width]
			for j, v := range row {
				sum[j] += factor * v
			}
		}
	}
}

func fill[T any](s []T, v T) {
	for i := range s {
		s[i] = v
	}
}

func portableMove[T tensor.Float](dst *T, step int, src *T, offsets *int, rows int, pieces *int, count int) {
	list := unsafe.Slice((*Piece)(unsafe.Pointer(pieces)), count)
	last := list[count-1]
	to := unsafe.Slice(dst, (rows-1)*step+last.Dst+last.Len)
	for i, offset := range unsafe.Slice(offsets, rows) {
		for _, p := range list {
			from := unsafe.Slice((*T)(unsafe.Add(unsafe.Pointer(src), uintptr(offset+p.Src)*unsafe.Sizeof(*src))), p.Len)
			copy(to[i*step+p.Dst:], from)
		}
	}
}

func portableDot[T tensor.Float](n int, a, b, sums *T) {
	x, y, s := unsafe.Slice(a, n), unsafe.Slice(b, n), unsafe.Slice(sums, portableLanes)
	for i := 0; i < n; i += portableLanes {
		for lane := range s {
			s[lane] += x[i+lane] * y[i+lane]
		}
	}
}
