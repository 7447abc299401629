package bound

import (
	"math"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// boundAt is the bound of a layer's result for one number, off by e.
func boundAt(t *testing.T, l layer.Layer, p Producer, v, e float64) float64 {
	t.Helper()
	x := execution{l: l, in: []*tensor.Tensor[float64]{tensor.From([]float64{v}, 1)}, shapes: []tensor.Shape{{1}}}
	var errs []*tensor.Tensor[float64]
	if e > 0 {
		errs = append(errs, tensor.From([]float64{e}, 1))
	}
	return x.bound(t, p, errs)[0].Data[0]
}

// What overflows in float32, or lies at a pole within the error, may be infinite; a pole that is hit exactly is exact.
func TestInfinityIsAdmittedWhereItCanBe(t *testing.T) {
	e := layer.Exp{Base: math.E, Scale: 1}
	reciprocal := layer.Power{Power: -1, Scale: 1}
	log := layer.Log{Base: math.E, Scale: 1}
	for _, row := range []struct {
		what     string
		l        layer.Layer
		p        Producer
		x, e     float64
		infinite bool
	}{
		{"e^100 in float32", e, Caffe, 100, 0, true},
		{"e^100 in float64", e, Native64, 100, 0, false},
		{"e^88", e, Caffe, 88, 0, false},
		{"e^100 e^-50, the first factor in float32", layer.Exp{Base: math.E, Scale: 1, Shift: -50}, Caffe, 100, 0, true},
		{"1e20^2", layer.Power{Power: 2, Scale: 1}, Caffe, 1e20, 0, true},
		{"1/0", reciprocal, Caffe, 0, 0, false},
		{"1/(0 +- 0.1)", reciprocal, Caffe, 0, 0.1, true},
		{"1/(0.05 +- 0.1)", reciprocal, Caffe, 0.05, 0.1, true},
		{"ln 0", log, Caffe, 0, 0, false},
		{"ln(0.05 +- 0.1)", log, Caffe, 0.05, 0.1, true},
		{"ln of a negative number", log, Caffe, -1, 0, false},
	} {
		if got := math.IsInf(boundAt(t, row.l, row.p, row.x, row.e), 1); got != row.infinite {
			t.Errorf("%s: admitted infinity: %v, want %v", row.what, got, row.infinite)
		}
	}
}

// With float32 inside, a sum such as 1 + e^x loses what is below its last digit; with float64 it does not.
func TestDoubleInside(t *testing.T) {
	for _, l := range []layer.Layer{layer.Sigmoid{}, layer.Softplus{}} {
		if b := boundAt(t, l, Caffe, -15, 0); b > 1e-6*math.Exp(-15) {
			t.Errorf("%s: bound %g with float64 inside", l.Kind(), b)
		}
		if b := boundAt(t, l, AnyOrder, -20, 0); b < math.Exp(-20) {
			t.Errorf("%s: bound %g with float32 inside", l.Kind(), b)
		}
	}
}

// What lies within the error of a limit may be on either side of it, and is counted.
func TestUndecidedSides(t *testing.T) {
	for _, row := range []struct {
		l         layer.Differentiable
		x         float64
		undecided int
	}{
		{layer.Abs{}, 0.05, 1}, {layer.Abs{}, 0.2, 0},
		{layer.Clip{Min: -1, Max: 2}, 1.95, 1}, {layer.Clip{Min: -1, Max: 2}, -1.05, 1}, {layer.Clip{Min: -1, Max: 2}, 0, 0},
		{layer.Unary{Function: layer.SELU}, 0.05, 1}, {layer.Unary{Function: layer.SELU}, 0.2, 0},
		{layer.ELU{Alpha: 0.5}, -0.05, 1}, {layer.ELU{Alpha: 0.5}, -0.2, 0},
	} {
		x := execution{l: row.l, in: []*tensor.Tensor[float64]{tensor.From([]float64{row.x}, 1)}, shapes: []tensor.Shape{{1}}}
		d := []*tensor.Tensor[float64]{tensor.From([]float64{3}, 1)}
		g, _ := backward[float64](x, x.in, d)
		e := []*tensor.Tensor[float64]{tensor.From([]float64{0.1}, 1)}
		b, err := OfGradient(&GradientCall{Layer: row.l, Gradient: g, InErr: e, OutErr: none(d), OutGradErr: none(d), Producer: Native64})
		if err != nil || b.Undecided != row.undecided {
			t.Errorf("%s at %g: %d undecided, want %d (%v)", row.l.Kind(), row.x, b.Undecided, row.undecided, err)
		}
	}
	if b := boundAt(t, layer.Threshold{Threshold: 1}, Caffe, 1.05, 0.1); b != 1 {
		t.Errorf("threshold: bound %g where the side is undecided, want 1", b)
	}
}

// A limit that has to be rounded counts where it may be reached, one that is infinite nowhere.
func TestClipLimits(t *testing.T) {
	p, tenth := AnyOrder.AgainstReplay(), 0.1
	rounding := tenth * p.U
	for _, row := range []struct {
		l          layer.Clip
		x, e, want float64
	}{
		{layer.Clip{Min: math.Inf(-1), Max: math.Inf(1)}, 3, 0.25, 0.25},
		{layer.Clip{Min: -2, Max: math.Inf(1)}, 3, 0, 0},
		{layer.Clip{Min: 0, Max: 6}, 7, 0.5, 0.5},
		{layer.Clip{Min: 0, Max: tenth}, 0.05, 0.01, 0.01},
		{layer.Clip{Min: 0, Max: tenth}, 0.0995, 0.01, 0.01 + rounding},
		{layer.Clip{Min: -tenth, Max: 1}, -3, 0, rounding},
		{layer.Clip{Min: 0, Max: 1e12 + 1}, 2, 0, 0},
	} {
		if got := boundAt(t, row.l, p, row.x, row.e); got != row.want {
			t.Errorf("%v at %g within %g: bound %g, want %g", row.l, row.x, row.e, got, row.want)
		}
	}
}
