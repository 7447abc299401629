package layer

import (
	"math"
	"testing"

	"parity/googlenet/tensor"
)

// One element a channel has a variance of 0, and n/(n-1) counts as 1.
func TestFusedBatchNormOfOneElement(t *testing.T) {
	l := FusedBatchNorm{Axis: 1, Epsilon: 0.25, Batch: true, Factor: 0.5}
	g := &Gradient[float64]{
		In: []*tensor.Tensor[float64]{tensor.From([]float64{3, -4}, 1, 2)},
		Params: []*tensor.Tensor[float64]{
			tensor.From([]float64{2, 5}, 2), tensor.From([]float64{-1, 7}, 2), tensor.From([]float64{1, 2}, 2), tensor.From([]float64{8, 6}, 2),
		},
		OutGrad: []*tensor.Tensor[float64]{tensor.From([]float64{0.5, 0.75}, 1, 2)},
	}
	want := [][]float64{{-1, 7}, {2, -1}, {4, 3}, {3, -4}, {0, 0}}
	for i, out := range run(t, l, g) {
		for at, v := range out.Data {
			if v != want[i][at] {
				t.Errorf("output %d: got %v, want %v", i, out.Data, want[i])
				break
			}
		}
	}
	g.InGrad, g.ParamGrad = zeros(g.In), zeros(g.Params)
	l.Backward64(g)
	if dx, scale, offset := g.InGrad[0].Data, g.ParamGrad[0].Data, g.ParamGrad[1].Data; dx[0] != 0 || scale[0] != 0 || offset[1] != 0.75 || g.ParamGrad[2] != nil {
		t.Errorf("got the gradients %v, %v, %v, %v", dx, scale, offset, g.ParamGrad[2:])
	}
}

// With statistics of the batch a FusedBatchNorm is a BatchNorm, a product and a sum.
func TestFusedBatchNormIsBatchNorm(t *testing.T) {
	for _, k := range Kinds {
		if k.Name != "FusedBatchNorm" {
			continue
		}
		g := drawnGradient(t, k.Examples[1])
		plain := &Call[float64]{In: g.In, Out: []*tensor.Tensor[float64]{tensor.New[float64](g.In[0].Shape...)}}
		BatchNorm{Epsilon: 1e-2, Batch: true}.Forward64(plain)
		along := Along{Len: 3, Inner: 10}
		for at, v := range plain.Out[0].Data {
			want := v*g.Params[0].Data[along.Of(at)] + g.Params[1].Data[along.Of(at)]
			if got := g.Out[0].Data[at]; !(math.Abs(got-want) <= 1e-13) {
				t.Fatalf("at %d: got %v, want %v", at, got, want)
			}
		}
	}
}
