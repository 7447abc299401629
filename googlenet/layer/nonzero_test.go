package layer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
)

func TestNonzero(t *testing.T) {
	x := tensor.From([]float64{0, 2, 0, -1, 0, 3}, 2, 3)
	y := run(t, Nonzero{}, &Gradient[float64]{In: []*tensor.Tensor[float64]{x}})[0]
	if diff := cmp.Diff(tensor.From([]float64{0, 1, 1, 0, 1, 2}, 3, 2), y); diff != "" {
		t.Error(diff)
	}
}
