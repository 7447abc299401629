//go:build amd64 && !purego

package kernel

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// assembly lists the sets of this architecture, best first.
func assembly() []sets {
	return []sets{
		{
			name: "avx512", available: cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasFMA,
			f32: Set[float32]{14, 2, 16, func(t *Tile[float32]) { tileAVX512Float32((*byte)(unsafe.Pointer(t))) },
				dotAVX512Float32, maximumAVX512Float32, meanAVX512Float32, floorAVX512Float32, normaliseAVX512Float32,
				plusAVX512Float32, blendAVX512Float32, gateAVX512Float32, maximumBackwardAVX512Float32,
				func(n *normalised[float32]) { normaliseBackwardAVX512Float32((*byte)(unsafe.Pointer(n))) },
				transposeFloat32},
			f64: Set[float64]{14, 2, 8, func(t *Tile[float64]) { tileAVX512Float64((*byte)(unsafe.Pointer(t))) },
				dotAVX512Float64, maximumAVX512Float64, meanAVX512Float64, floorAVX512Float64, normaliseAVX512Float64,
				plusAVX512Float64, blendAVX512Float64, gateAVX512Float64, maximumBackwardAVX512Float64,
				func(n *normalised[float64]) { normaliseBackwardAVX512Float64((*byte)(unsafe.Pointer(n))) },
				transposeFloat64},
		},
		{
			name: "avx2", available: cpu.X86.HasAVX2 && cpu.X86.HasFMA,
			f32: Set[float32]{6, 1, 8, func(t *Tile[float32]) { tileAVX2Float32((*byte)(unsafe.Pointer(t))) },
				dotAVX2Float32, maximumAVX2Float32, meanAVX2Float32, floorAVX2Float32, normaliseAVX2Float32,
				plusAVX2Float32, blendAVX2Float32, gateAVX2Float32, maximumBackwardAVX2Float32,
				func(n *normalised[float32]) { normaliseBackwardAVX2Float32((*byte)(unsafe.Pointer(n))) },
				transposeFloat32},
			f64: Set[float64]{6, 1, 4, func(t *Tile[float64]) { tileAVX2Float64((*byte)(unsafe.Pointer(t))) },
				dotAVX2Float64, maximumAVX2Float64, meanAVX2Float64, floorAVX2Float64, normaliseAVX2Float64,
				plusAVX2Float64, blendAVX2Float64, gateAVX2Float64, maximumBackwardAVX2Float64,
				func(n *normalised[float64]) { normaliseBackwardAVX2Float64((*byte)(unsafe.Pointer(n))) },
				transposeFloat64},
		},
	}
}
