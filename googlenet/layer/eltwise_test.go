package layer

import (
	"math"
	"slices"
	"testing"

	"parity/googlenet/tensor"
)

// TestTiesOfMaxima checks where the gradient goes, as recorded from Caffe: of the first two inputs to the second, of later
// ones to none that is not larger.
func TestTiesOfMaxima(t *testing.T) {
	g := &Gradient[float64]{
		In: []*tensor.Tensor[float64]{
			tensor.From([]float64{1, 2, 0, 1}, 4), tensor.From([]float64{1, 1, 1, 1}, 4), tensor.From([]float64{1, 2, 1, 3}, 4),
		},
		OutGrad: []*tensor.Tensor[float64]{tensor.From([]float64{5, 6, 7, 8}, 4)},
	}
	g.InGrad = zeros(g.In)
	Eltwise{Combination: EltwiseMaximum}.Backward64(g)
	for i, want := range [][]float64{{0, 6, 0, 0}, {5, 0, 7, 0}, {0, 0, 0, 8}} {
		if got := g.InGrad[i].Data; !slices.Equal(got, want) {
			t.Errorf("input %d: got %v, want %v", i, got, want)
		}
	}
}

// TestProductOfZeros checks that the gradient of a product of others is right at 0, and that of y / x is not a number.
func TestProductOfZeros(t *testing.T) {
	g := &Gradient[float64]{
		In:      []*tensor.Tensor[float64]{tensor.From([]float64{0}, 1), tensor.From([]float64{3}, 1)},
		Out:     []*tensor.Tensor[float64]{tensor.From([]float64{0}, 1)},
		OutGrad: []*tensor.Tensor[float64]{tensor.From([]float64{2}, 1)},
	}
	g.InGrad = zeros(g.In)
	Eltwise{Combination: EltwiseProduct}.Backward64(g)
	if got := g.InGrad[0].Data[0]; got != 6 {
		t.Errorf("got %v, want 6", got)
	}
	Eltwise{Combination: EltwiseProduct, Quotient: true}.Backward64(g)
	if got := g.InGrad[0].Data[0]; !math.IsNaN(got) {
		t.Errorf("got %v, want NaN", got)
	}
}
