package layer

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
)

func TestFirstOfEqualIndices(t *testing.T) {
	x := tensor.From([]float64{1, 3, 3, math.NaN(), 0, 0, -1, -1, 5}, 3, 3)
	for _, row := range []struct {
		l    ArgExtreme
		want []float64
	}{
		{ArgExtreme{Axis: 1}, []float64{1, 1, 2}},
		{ArgExtreme{Axis: 1, Least: true}, []float64{0, 1, 0}},
		{ArgExtreme{Axis: 0}, []float64{0, 0, 2}},
	} {
		got := run(t, row.l, &Gradient[float64]{In: []*tensor.Tensor[float64]{x}})[0].Data
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%+v: %s", row.l, diff)
		}
	}
}
