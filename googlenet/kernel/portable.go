package kernel

import (
	"unsafe"

	"parity/googlenet/tensor"
)

// portable is the set in Go, for every processor.
func portable() sets {
	return sets{
		name: "portable", available: true,
		f32: Set[float32]{portableRows, portableBlocks, portableLanes, portableTile[float32], portableDot[float32],
			portableMaximum[float32], portableMean[float32], portableFloor[float32], portableNormalise[float32],
			portablePlus[float32], portableBlend[float32], portableGate[float32], portableMaximumBackward[float32], portableNormaliseBackward[float32], nil},
		f64: Set[float64]{portableRows, portableBlocks, portableLanes, portableTile[float64], portableDot[float64],
			portableMaximum[float64], portableMean[float64], portableFloor[float64], portableNormalise[float64],
			portablePlus[float64], portableBlend[float64], portableGate[float64], portableMaximumBackward[float64], portableNormaliseBackward[float64], nil},
	}
}

const (
	portableRows   = 4
	portableBlocks = 2
	portableLanes  = 8
)

func portableDot[T tensor.Float](n int, a, b, sums *T) {
	x, y, s := unsafe.Slice(a, n), unsafe.Slice(b, n), unsafe.Slice(sums, portableLanes)
	for i := 0; i < n; i += portableLanes {
		for lane := range s {
			s[lane] += x[i+lane] * y[i+lane]
		}
	}
}
