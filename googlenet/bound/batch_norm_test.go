package bound

import (
	"math"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Far from zero, a normalisation that is folded into one product and one sum, computed here as ONNX Runtime does, is off by
// more than its two steps are, and by no more than the rules for a producer that folds admit.
func TestFoldedNormalisation(t *testing.T) {
	const mean, variance, epsilon, factor, bias = 100.3, 0.7, 1e-3, 1.7, -0.4
	x := tensor.New[float64](1, 1, 300)
	for i := range x.Data {
		x.Data[i] = float64(float32(99 + float64(i)/113))
	}
	one := func(v float64) *tensor.Tensor[float64] { return tensor.From([]float64{float64(float32(v))}, 1) }
	norm := execution{l: layer.BatchNorm{Epsilon: epsilon}, in: []*tensor.Tensor[float64]{x}, params: []*tensor.Tensor[float64]{one(mean), one(variance), one(1)}, shapes: []tensor.Shape{x.Shape}}
	normal := norm.run64(norm.l, norm.in)
	scale := execution{l: layer.Scale{Axis: 1, Bias: true}, in: normal, params: []*tensor.Tensor[float64]{one(factor), one(bias)}, shapes: []tensor.Shape{x.Shape}}
	want := scale.run64(scale.l, scale.in)

	a := float32(factor) * (1 / float32(math.Sqrt(float64(float32(variance)+epsilon))))
	b := float32(bias) - float32(float32(mean)*a)
	got := tensor.New[float64](1, 1, 300)
	for i, v := range x.Data {
		got.Data[i] = float64(float32(float32(v)*a) + b)
	}
	limit := func(p Producer) []*tensor.Tensor[float64] { return scale.bound(t, p, norm.bound(t, p, nil)) }
	if r := worst(want, []*tensor.Tensor[float64]{got}, limit(AnyOrder)); !(r <= 1) {
		t.Errorf("%g times over the bound of a producer that folds", r)
	}
	if r := worst(want, []*tensor.Tensor[float64]{got}, limit(Caffe)); r <= 1 {
		t.Errorf("inside the bound of one that does not: ratio %g", r)
	}
	if AnyOrder.Alike(Producer{U: U32, Tiny: tiny32, Max: max32}, norm.l) {
		t.Error("producers that fold and that do not are alike")
	}
}
