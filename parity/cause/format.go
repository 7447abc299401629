package cause

import (
	"math"

	"parity/googlenet/tensor"
)

// format is a floating-point format smaller than float32.
type format struct {
	name     string
	bits     int     // of the significand, the hidden one included
	smallest float64 // normal number
	largest  float64
}

// formats are those that tensors are stored in.
var formats = []format{bfloat16, float16} // in this order: numbers of bfloat16 of middling size are float16's too

var (
	float16  = format{"float16", 11, 0x1p-14, 65504}
	bfloat16 = format{"bfloat16", 8, 0x1p-126, 3.3895313892515355e38}
	tf32     = format{"tf32", 11, 0x1p-126, math.MaxFloat32}
)

// round returns the nearest number of the format, ties to even; numbers below the normal ones have its smallest step.
func (f format) round(v float64) float64 { return f.by(math.RoundToEven, v) }

// away rounds ties away from zero, cut rounds towards zero.
func (f format) away(v float64) float64 { return f.by(math.Round, v) }
func (f format) cut(v float64) float64  { return f.by(math.Trunc, v) }

func (f format) by(whole func(float64) float64, v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	_, e := math.Frexp(max(math.Abs(v), f.smallest))
	step := math.Ldexp(1, e-f.bits)
	r := whole(v/step) * step
	if math.Abs(r) > f.largest {
		return math.Inf(int(math.Copysign(1, r)))
	}
	return r
}

func (f format) rounded(t *tensor.Tensor[float64]) *tensor.Tensor[float64] { return apply(f.round, t) }

func apply(f func(float64) float64, t *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	out := tensor.New[float64](t.Shape...)
	for i, v := range t.Data {
		out.Data[i] = f(v)
	}
	return out
}

func (f format) of(w *tensor.Tensor[float32]) *tensor.Tensor[float32] {
	out := tensor.New[float32](w.Shape...)
	for i, v := range w.Data {
		out.Data[i] = float32(f.round(float64(v)))
	}
	return out
}
