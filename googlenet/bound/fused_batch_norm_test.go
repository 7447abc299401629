package bound

import (
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// fused32 is the algorithm of TensorFlow's fused_batch_norm_op.cc, with statistics of the batch, for one channel in float32 with
// sums from left to right: what comes out, and the gradients of x and the scale.
func fused32(x, d []float64, scale, offset, epsilon float32) (y, dx []float64, dscale float64) {
	n, share := len(x), 1/float32(len(x))
	var mean, variance, dmean, product float32
	for i, v := range x {
		mean += float32(v)
		dmean += float32(d[i])
	}
	mean, dmean = mean*share, dmean*share
	c := make([]float32, n)
	for i, v := range x {
		c[i] = float32(v) - mean
		variance += c[i] * c[i]
		product += float32(d[i]) * c[i]
	}
	root := 1 / float32(math.Sqrt(float64(variance*share+epsilon)))
	factor, slope := root*scale, root*root*(product*share)
	y, dx = make([]float64, n), make([]float64, n)
	for i := range x {
		y[i] = float64(c[i]*factor + offset)
		dx[i] = float64(factor * ((float32(d[i]) - dmean) - c[i]*slope))
	}
	return y, dx, float64(product * root)
}

func TestFusedBatchNormAsInTensorFlow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, row := range []struct {
		what         string
		n            int
		mean, spread float64
		scale        float64
	}{
		{"usual", 315, 0.5, 2, 1.25},
		{"constant", 315, 1234.567, 0, 1.25},
		{"nearly constant", 315, 1e6, 0.25, -3},
		{"far from zero", 3150, 1e4, 1, 1.25},
		{"single", 1, 77.7, 0, 1.25},
		{"a pair", 2, 1e3, 1e-3, 1.25},
		{"zeros", 315, 0, 0, 1.25},
		{"tiny", 315, 0, 1e-22, 1.25},
		{"no scale", 315, 0, 1, 0},
		{"scale that underflows", 315, 0, 1e10, 1e-30},
	} {
		t.Run(row.what, func(t *testing.T) {
			epsilon := float32(1e-3)
			l := layer.FusedBatchNorm{Axis: 1, Epsilon: float64(epsilon), Batch: true, Factor: 1}
			x, scale, offset := fill(r, row.spread, 1, 1, row.n), float32(row.scale), float32(0.375)
			for i := range x.Data {
				x.Data[i] = float64(float32(x.Data[i] + row.mean))
			}
			e := execution{
				l: l, in: []*tensor.Tensor[float64]{x}, shapes: []tensor.Shape{x.Shape, {1}, {1}, {1}, {1}},
				params: []*tensor.Tensor[float64]{tensor.From([]float64{float64(scale)}, 1), tensor.From([]float64{float64(offset)}, 1)},
			}
			grads := outputs[float64](e.shapes)
			grads[0] = fill(r, 1, x.Shape...)
			y, dx, dscale := fused32(x.Data, grads[0].Data, scale, offset, epsilon)
			b := e.bound(t, TensorFlow, nil)
			if r := worst(e.run64(l, e.in)[:1], []*tensor.Tensor[float64]{tensor.From(y, x.Shape...)}, b); !(r <= 1) {
				t.Errorf("TensorFlow's algorithm is %g times over the bound", r)
			}
			g, exact := backward[float64](e, e.in, grads)
			bg := gradientBound(t, e, g, TensorFlow, none(e.in), b, none(grads))
			if r := worst(exact[:2], []*tensor.Tensor[float64]{tensor.From(dx, x.Shape...), tensor.From([]float64{dscale}, 1)}, bg); !(r <= 1) {
				t.Errorf("TensorFlow's gradient is %g times over the bound", r)
			}
		})
	}
}
