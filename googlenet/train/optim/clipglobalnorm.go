package optim

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// ClipGlobalNorm scales all gradients together such that their norm is at most Most: by Most / norm where the norm is
// larger, else not at all, as in Caffe. Always multiplies, by Most min(1/norm, 1/Most), as in TensorFlow: in floating point
// the factor need not be 1 where it should be, and a norm that is not finite makes all gradients NaN.
type ClipGlobalNorm struct {
	Most   float64
	Always bool
}

func (ClipGlobalNorm) Name() string { return "ClipGlobalNorm" }

func (c ClipGlobalNorm) Clip32(grads []*tensor.Tensor[float32]) { clipGlobalNorm(c, grads) }
func (c ClipGlobalNorm) Clip64(grads []*tensor.Tensor[float64]) { clipGlobalNorm(c, grads) }

// Attributes lists the largest norm.
func (c ClipGlobalNorm) Attributes() []layer.Attribute {
	return append([]layer.Attribute{number("most", c.Most)}, flag("always", c.Always)...)
}

func clipGlobalNorm[T tensor.Float](c ClipGlobalNorm, grads []*tensor.Tensor[T]) {
	norm, most := Norm(grads...), T(c.Most)
	if !c.Always && !(norm > most) {
		return
	}
	scale := most / norm
	if c.Always {
		scale = most * min(1/norm, 1/most)
		if v := float64(norm); math.IsInf(v, 0) || math.IsNaN(v) {
			scale = T(math.NaN())
		}
	}
	for _, t := range grads {
		for i := range t.Data {
			t.Data[i] *= scale
		}
	}
}
