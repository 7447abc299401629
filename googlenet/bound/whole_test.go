package bound

import (
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Whole numbers add up and multiply without rounding up to 1/u.
func TestWholeNumbersAreExact(t *testing.T) {
	for _, row := range []struct {
		op    layer.Operation
		a, b  float64
		exact bool
	}{
		{layer.Sum, 3, 4, true},
		{layer.Difference, 3, 0x1p24, true},
		{layer.Product, 0x1p12, 0x1p12, true},
		{layer.Product, 0x1p12 + 1, 0x1p12, false},
		{layer.Sum, 0.5, 0.5, false},
		{layer.Quotient, 6, 3, false},
	} {
		l := layer.Binary{Operation: row.op}
		x := execution{l: l, in: []*tensor.Tensor[float64]{tensor.From([]float64{row.a}), tensor.From([]float64{row.b})}, shapes: []tensor.Shape{{}}}
		if b := x.bound(t, AnyOrder, nil)[0].Data[0]; b == 0 != row.exact {
			t.Errorf("%g %v %g: the bound is %g", row.a, row.op, row.b, b)
		}
	}
	x := execution{l: layer.Reduce{Reducer: layer.ReduceSum, Axes: []int{0}}, in: []*tensor.Tensor[float64]{tensor.From([]float64{1, -2, 5}, 3)}, shapes: []tensor.Shape{{}}}
	if b := x.bound(t, AnyOrder, nil)[0].Data[0]; b != 0 {
		t.Errorf("a sum of whole numbers has the bound %g", b)
	}
}
