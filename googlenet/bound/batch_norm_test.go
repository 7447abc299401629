package bound

import (
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// folded computes a normalisation and the scale behind it in float32 as one product and one sum, as ONNX Runtime does.
func folded(x *tensor.Tensor[float64], p []*tensor.Tensor[float32], epsilon float32) *tensor.Tensor[float64] {
	y := tensor.New[float64](x.Shape...)
	cells := x.Shape[2]
	for i, v := range x.Data {
		c := i / cells
		mean, variance, factor, bias := p[0].Data[c], p[1].Data[c], p[2].Data[c], p[3].Data[c]
		a := factor * (1 / float32(math.Sqrt(float64(variance+epsilon))))
		y.Data[i] = float64(float32(float32(v)*a) + (bias - float32(mean*a)))
	}
	return y
}

// Far from zero, a folded normalisation is off by more than its two steps are, and by no more than the rules for a producer
// that folds admit.
func TestFoldedNormalisation(t *testing.T) {
	const channels, cells, epsilon = 97, 31, 0x1p-10
	r := rand.New(rand.NewPCG(1, 2))
	x := tensor.New[float64](1, channels, cells)
	params := make([]*tensor.Tensor[float32], 4) // mean, variance, factor, bias
	for i := range params {
		params[i] = tensor.New[float32](channels)
	}
	for c := range channels {
		for i, v := range []float64{20 + 80*r.Float64(), 0.2 + r.Float64(), 1 + r.Float64(), r.NormFloat64()} {
			params[i].Data[c] = float32(v)
		}
		for i := range cells {
			x.Data[c*cells+i] = float64(params[0].Data[c] + float32(r.NormFloat64()))
		}
	}
	p := convert64(params)
	norm := execution{l: layer.BatchNorm{Epsilon: epsilon}, in: []*tensor.Tensor[float64]{x}, params: []*tensor.Tensor[float64]{p[0], p[1], tensor.From([]float64{1}, 1)}, shapes: []tensor.Shape{x.Shape}}
	scale := execution{l: layer.Scale{Axis: 1, Bias: true}, in: norm.run64(norm.l, norm.in), params: p[2:], shapes: []tensor.Shape{x.Shape}}
	want, got := scale.run64(scale.l, scale.in), []*tensor.Tensor[float64]{folded(x, params, epsilon)}
	plain := AnyOrder
	plain.FoldsNorm = false
	ratio := func(p Producer) float64 { return worst(want, got, scale.bound(t, p, norm.bound(t, p, nil))) }
	if r := ratio(AnyOrder); !(r <= 1) {
		t.Errorf("%g times over the bound of a producer that folds", r)
	}
	if r := ratio(plain); r <= 1 {
		t.Errorf("inside the bound of one that does not: ratio %g", r)
	}
	if AnyOrder.Alike(plain, norm.l, nil, nil) || AnyOrder.Alike(plain, scale.l, nil, nil) {
		t.Error("producers that fold and that do not are alike")
	}
}
