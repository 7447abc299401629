package bound

import (
	"math"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Where denormal numbers may count as zeros, so may what is computed from them: 2^10 2^-127, 1/2^-127, and 2^-127 itself.
func TestFlushedOperands(t *testing.T) {
	flushes := AnyOrder
	flushes.Flushes = true
	for _, row := range []struct {
		l       layer.Layer
		x, zero float64
	}{
		{layer.Power{Power: 1, Scale: 0x1p10}, 0x1p-127, 0x1p-117},
		{layer.Power{Power: -1, Scale: 1}, 0x1p-127, math.Inf(1)},
		{layer.Power{Power: 0.5, Scale: 1}, 0x1p-128, 0x1p-64},
		{layer.ReLU{}, 0x1p-127, 0x1p-127},
	} {
		x := execution{l: row.l, in: []*tensor.Tensor[float64]{tensor.From([]float64{row.x}, 1)}, shapes: []tensor.Shape{{1}}}
		if b := x.bound(t, flushes, nil)[0].Data[0]; !(b >= row.zero) {
			t.Errorf("%s of %g: bound %g where denormal numbers count as zeros, want at least %g", row.l.Kind(), row.x, b, row.zero)
		}
		if b := x.bound(t, AnyOrder, nil)[0].Data[0]; !(b < row.zero/2) {
			t.Errorf("%s of %g: bound %g where they do not", row.l.Kind(), row.x, b)
		}
	}
}
