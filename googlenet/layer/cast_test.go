package layer

import (
	"math"
	"testing"
)

// TensorFlow's values, on a processor with AVX.
func TestCasts(t *testing.T) {
	inf := math.Inf(1)
	x := []float64{1.9, -1.9, 300, -300, 70000, 3e9, 1e20, inf}
	for _, row := range []struct {
		l    Cast
		want []float64
	}{
		{Cast{To: Int8}, []float64{1, -1, 44, -44, 112, 0, 0, 0}},
		{Cast{To: Uint8}, []float64{1, 255, 44, 212, 112, 0, 0, 0}},
		{Cast{To: Int16}, []float64{1, -1, 300, -300, 4464, 0, 0, 0}},
		{Cast{To: Uint16}, []float64{1, 65535, 300, 65236, 4464, 0, 0, 0}},
		{Cast{To: Int32}, []float64{1, -1, 300, -300, 70000, -0x1p31, -0x1p31, -0x1p31}},
		{Cast{To: Uint32}, []float64{1, 0x1p32 - 1, 300, 0x1p32 - 300, 70000, 3e9, 0x1p31, 0x1p31}},
		{Cast{To: Int64}, []float64{1, -1, 300, -300, 70000, 3e9, -0x1p63, -0x1p63}},
		{Cast{To: Uint64}, []float64{1, 0x1p64, 300, 0x1p64, 70000, 3e9, 0x1p63, 0x1p63}},
		{Cast{To: Bool}, []float64{1, 1, 1, 1, 1, 1, 1, 1}},
		{Cast{To: Float16}, []float64{1.900390625, -1.900390625, 300, -300, inf, inf, inf, inf}},
		{Cast{To: BFloat16}, []float64{1.8984375, -1.8984375, 300, -300, 70144, 3003121664, 0x1.5ap66, inf}},
		{Cast{To: BFloat16, Truncate: true}, []float64{1.8984375, -1.8984375, 300, -300, 69632, 2986344448, 0x1.5ap66, inf}},
		{Cast{To: Float16, Truncate: true}, []float64{1.8994140625, -1.8994140625, 300, -300, inf, inf, inf, inf}},
		{Cast{To: Float64}, x},
	} {
		for i, v := range x {
			if got := row.l.Value(v); got != row.want[i] {
				t.Errorf("%v as %s, cut off: %v: %v, want %v", v, row.l.To, row.l.Truncate, got, row.want[i])
			}
		}
	}
	for x, want := range map[float64]float64{6.1e-5: 0x1.ff8p-15, 3.3e-8: 0x1p-24, 65519: 65504, 65520: inf} {
		if got := (Cast{To: Float16}).Value(x); got != want {
			t.Errorf("%v as float16: %v, want %v", x, got, want)
		}
	}
}
