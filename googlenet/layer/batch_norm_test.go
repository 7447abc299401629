package layer

import (
	"math"
	"slices"
	"testing"

	"parity/googlenet/tensor"
)

func batchNormCall(values []float64, shape tensor.Shape, params ...[]float64) *Call[float64] {
	c := &Call[float64]{In: []*tensor.Tensor[float64]{tensor.From(values, shape...)}, Out: []*tensor.Tensor[float64]{tensor.New[float64](shape...)}}
	for _, p := range params {
		c.Params = append(c.Params, tensor.From(p, len(p)))
	}
	return c
}

// TestBatchNormUpdate checks the running sums: 0.5 S plus mean and unbiased variance of the batch.
func TestBatchNormUpdate(t *testing.T) {
	l := BatchNorm{Batch: true, Momentum: 0.5}
	for _, row := range []struct {
		what string
		c    *Call[float64]
		want [][]float64
	}{
		{"two elements a channel", batchNormCall([]float64{1, 10, 3, 14}, tensor.Shape{2, 2}, []float64{4, 0}, []float64{2, 0}, []float64{1}),
			[][]float64{{4, 12}, {3, 8}, {1.5}}},
		{"one element a channel", batchNormCall([]float64{7}, tensor.Shape{1, 1}, []float64{2}, []float64{2}, []float64{1}),
			[][]float64{{8}, {1}, {1.5}}},
	} {
		for i, got := range l.Update64(row.c) {
			if !slices.Equal(got.Data, row.want[i]) {
				t.Errorf("%s: parameter %d: got %v, want %v", row.what, i, got.Data, row.want[i])
			}
		}
	}
	for i, got := range (BatchNorm{}).Update64(batchNormCall([]float64{7}, tensor.Shape{1, 1}, []float64{2}, []float64{2}, []float64{1})) {
		if got != nil {
			t.Errorf("stored statistics: parameter %d changes to %v", i, got.Data)
		}
	}
}

// TestBatchNormFactor checks that the statistics are divided by the factor, and count as zero where that is.
func TestBatchNormFactor(t *testing.T) {
	for _, row := range []struct{ factor, want float64 }{{4, (7 - 2) / math.Sqrt(9+0.25)}, {0, 7 / 0.5}} {
		c := batchNormCall([]float64{7}, tensor.Shape{1, 1}, []float64{8}, []float64{36}, []float64{row.factor})
		BatchNorm{Epsilon: 0.25}.Forward64(c)
		if got := c.Out[0].Data[0]; math.Abs(got-row.want) > 1e-15 {
			t.Errorf("factor %v: got %v, want %v", row.factor, got, row.want)
		}
	}
}
