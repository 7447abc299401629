package layer

import (
	"math"
	"testing"

	"parity/googlenet/tensor"
)

// TestSpecialValues checks what elementwise layers make of zeros, infinities and what is no number, forward and, for a
// gradient of 3, backward. The values are those of Caffe's loops with C's functions.
func TestSpecialValues(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	for _, row := range []struct {
		l        Layer
		x, y, dx float64
	}{
		{l: Abs{}, x: 0, y: 0, dx: 0},
		{l: Abs{}, x: -inf, y: inf, dx: -3},
		{l: Clip{Min: -1, Max: 2}, x: -1, y: -1, dx: 3},
		{l: Clip{Min: -1, Max: 2}, x: 2, y: 2, dx: 3},
		{l: Clip{Min: -1, Max: 2}, x: inf, y: 2, dx: 0},
		{l: Clip{Min: -1, Max: 2}, x: nan, y: -1, dx: 0},
		{l: Clip{Min: 2, Max: -1}, x: 0, y: 2, dx: 0},
		{l: Clip{Max: 6, Strict: true}, x: 0, y: 0, dx: 0},
		{l: Clip{Max: 6, Strict: true}, x: 6, y: 6, dx: 0},
		{l: Clip{Max: 6, Strict: true}, x: 3, y: 3, dx: 3},
		{l: Clip{Max: 6, Strict: true}, x: nan, y: nan, dx: 0},
		{l: ELU{Alpha: 0.5}, x: 0, y: 0, dx: 1.5},
		{l: ELU{Alpha: 0.5}, x: -inf, y: -0.5, dx: 0},
		{l: ELU{Alpha: 0.5}, x: nan, y: nan, dx: nan},
		{l: Exp{Base: math.E, Scale: 1}, x: inf, y: inf, dx: inf},
		{l: Exp{Base: math.E, Scale: 1}, x: -inf, y: 0, dx: 0},
		{l: Exp{Base: 2, Scale: -1, Shift: 1}, x: 2, y: 0.5, dx: -1.5 * math.Ln2},
		{l: Log{Base: math.E, Scale: 1}, x: 0, y: -inf, dx: inf},
		{l: Log{Base: math.E, Scale: 1}, x: zero, y: -inf, dx: -inf},
		{l: Log{Base: math.E, Scale: 1}, x: -1, y: nan, dx: -3},
		{l: Log{Base: 10, Scale: 10}, x: 10, y: 2, dx: 0.3 / math.Ln10},
		{l: Power{Power: 0, Scale: 1}, x: nan, y: 1, dx: 0},
		{l: Power{Power: -1, Scale: 0}, x: 5, y: inf, dx: 0},
		{l: Power{Power: -1, Scale: 1}, x: 0, y: inf, dx: -inf},
		{l: Power{Power: -1, Scale: 1}, x: zero, y: -inf, dx: -inf},
		{l: Power{Power: 3, Scale: 1}, x: 0, y: 0, dx: nan},
		{l: Power{Power: 2, Scale: 1}, x: 0, y: 0, dx: 0},
		{l: Power{Power: 0.5, Scale: 1}, x: -4, y: nan, dx: nan},
		{l: Power{Power: 3, Scale: 1}, x: -2, y: -8, dx: 36},
		{l: ReLU{Slope: 0.5}, x: 0, y: 0, dx: 1.5},
		{l: Sigmoid{}, x: inf, y: 1, dx: 0},
		{l: Sigmoid{}, x: -1000, y: 0, dx: 0},
		{l: Softplus{}, x: 1000, y: 1000, dx: 3},
		{l: Softplus{}, x: -1000, y: 0, dx: 0},
		{l: Softplus{}, x: 0, y: math.Ln2, dx: 1.5},
		{l: Swish{Beta: 2}, x: 1000, y: 1000, dx: 3},
		{l: Swish{Beta: 0}, x: 4, y: 2, dx: 1.5},
		{l: Tanh{}, x: -inf, y: -1, dx: 0},
		{l: Unary{Function: Reciprocal}, x: zero, y: -inf, dx: -inf},
		{l: Unary{Function: Rsqrt}, x: zero, y: -inf, dx: inf},
		{l: Unary{Function: Rsqrt}, x: -1, y: nan, dx: nan},
		{l: Unary{Function: Sqrt}, x: 0, y: 0, dx: inf},
		{l: Unary{Function: Log1p}, x: -1, y: -inf, dx: inf},
		{l: Unary{Function: Sign}, x: -inf, y: -1, dx: 0},
		{l: Unary{Function: Sign}, x: nan, y: nan, dx: 0},
		{l: Unary{Function: Round}, x: 2.5, y: 2, dx: 0},
		{l: Unary{Function: Round}, x: -1.5, y: -2, dx: 0},
		{l: Unary{Function: Floor}, x: -0.5, y: -1, dx: 0},
		{l: Unary{Function: Ceil}, x: 0.5, y: 1, dx: 0},
		{l: Unary{Function: SELU}, x: 0, y: 0, dx: 3 * SELUScale},
		{l: Unary{Function: SELU}, x: -inf, y: -SELUScale * SELUAlpha, dx: 0},
		{l: Unary{Function: Softsign}, x: inf, y: nan, dx: 0},
		{l: Unary{Function: IsFinite}, x: nan, y: 0, dx: 0},
		{l: Unary{Function: IsInf}, x: -inf, y: 1, dx: 0},
		{l: Unary{Function: IsNaN}, x: nan, y: 1, dx: 0},
		{l: Unary{Function: Not}, x: nan, y: 0, dx: 0},
		{l: Threshold{Threshold: 2}, x: 2, y: 0},
		{l: Threshold{Threshold: 2}, x: nan, y: 0},
	} {
		y, dx := at(row.l, row.x)
		if !close(y, row.y) || !close(dx, row.dx) {
			t.Errorf("%s %v at %g: %g with gradient %g, want %g and %g", row.l.Kind(), row.l, row.x, y, dx, row.y, row.dx)
		}
	}
}

// at runs a layer on one number, forward and backward.
func at(l Layer, v float64) (y, dx float64) {
	one := func(v float64) []*tensor.Tensor[float64] {
		return []*tensor.Tensor[float64]{tensor.From([]float64{v}, 1)}
	}
	g := &Gradient[float64]{In: one(v), Out: one(0), OutGrad: one(3), InGrad: one(0)}
	l.Forward64(&Call[float64]{In: g.In, Out: g.Out})
	if d, ok := l.(Differentiable); ok {
		d.Backward64(g)
	}
	if g.InGrad[0] == nil { // no gradient flows
		return g.Out[0].Data[0], 0
	}
	return g.Out[0].Data[0], g.InGrad[0].Data[0]
}

// close counts what is no number, and infinities of one sign, as equal.
func close(got, want float64) bool {
	return got == want || math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) <= 1e-12*math.Abs(want)
}

// TestOverflowsAreInfinite checks that float32 overflows where it must.
func TestOverflowsAreInfinite(t *testing.T) {
	for _, row := range []struct {
		l Layer
		x float32
	}{{Exp{Base: math.E, Scale: 1}, 89}, {Power{Power: 2, Scale: 1}, 1e20}, {Exp{Base: math.E, Scale: 1, Shift: -50}, 100}} {
		c := &Call[float32]{In: []*tensor.Tensor[float32]{tensor.From([]float32{row.x}, 1)}, Out: []*tensor.Tensor[float32]{tensor.New[float32](1)}}
		row.l.Forward32(c)
		if y := float64(c.Out[0].Data[0]); !math.IsInf(y, 1) {
			t.Errorf("%s at %g: %g, want +Inf", row.l.Kind(), row.x, y)
		}
	}
}
