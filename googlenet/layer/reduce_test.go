package layer

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parity/googlenet/tensor"
)

// TensorFlow's values.
func TestReductions(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, row := range []struct {
		r      Reducer
		x      []float64
		y      float64
		dx     []float64 // for a gradient of 6
		hidden bool      // no gradient
	}{
		{r: ReduceMax, x: []float64{2, 5, 5, 1}, y: 5, dx: []float64{0, 3, 3, 0}},
		{r: ReduceMin, x: []float64{2, 2, 2, 3}, y: 2, dx: []float64{2, 2, 2, 0}},
		{r: ReduceMax, x: []float64{1, nan, 3}, y: nan, dx: []float64{nan, nan, nan}},
		{r: ReduceProduct, x: []float64{2, 0, 3}, y: 0, dx: []float64{0, 36, 0}},
		{r: ReduceProduct, x: []float64{0, 0, 3}, y: 0, dx: []float64{0, 0, 0}},
		{r: ReduceMean, x: []float64{1, 2, 6}, y: 3, dx: []float64{2, 2, 2}},
		{r: ReduceNorm, x: []float64{3, 4}, y: 5, dx: []float64{3.6, 4.8}},
		{r: ReduceAll, x: []float64{1, -2}, y: 1, hidden: true},
		{r: ReduceAny, x: []float64{0, 0}, y: 0, hidden: true},
		{r: ReduceMax, y: -inf}, {r: ReduceMin, y: inf}, {r: ReduceSum}, {r: ReduceMean, y: nan}, {r: ReduceProduct, y: 1},
	} {
		l := Reduce{Reducer: row.r, Axes: []int{0}}
		g := &Gradient[float64]{In: []*tensor.Tensor[float64]{tensor.From(row.x, len(row.x))}, OutGrad: []*tensor.Tensor[float64]{single(6)}}
		g.Out, g.InGrad = run(t, l, g), zeros(g.In)
		l.Backward64(g)
		if y := g.Out[0].Data[0]; !close(y, row.y) {
			t.Errorf("%s of %v: %v, want %v", row.r, row.x, y, row.y)
		}
		if g.InGrad[0] == nil != row.hidden {
			t.Errorf("%s: gradient %v", row.r, g.InGrad[0])
		} else if diff := cmp.Diff(row.dx, data(g.InGrad[0]), cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-12, 0), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s of %v: %s", row.r, row.x, diff)
		}
	}
}

func data(t *tensor.Tensor[float64]) []float64 {
	if t == nil {
		return nil
	}
	return t.Data
}
