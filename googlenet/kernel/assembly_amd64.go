//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

// assembly lists the sets of this architecture, best first.
func assembly() []sets {
	return []sets{
		{
			name: "avx512", available: cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasFMA,
			f32: Set[float32]{14, 16, tileAVX512Float32, moveAVX512Float32, dotAVX512Float32},
			f64: Set[float64]{14, 8, tileAVX512Float64, moveAVX512Float64, dotAVX512Float64},
		},
		{
			name: "avx2", available: cpu.X86.HasAVX2 && cpu.X86.HasFMA,
			f32: Set[float32]{6, 8, tileAVX2Float32, moveAVX2Float32, dotAVX2Float32},
			f64: Set[float64]{6, 4, tileAVX2Float64, moveAVX2Float64, dotAVX2Float64},
		},
	}
}
