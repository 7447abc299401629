package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// ClipNorm scales the gradient of each parameter such that its norm is at most Most: g Most / max(norm, Most).
type ClipNorm struct{ Most float64 }

func (ClipNorm) Name() string { return "ClipNorm" }

func (c ClipNorm) Clip32(grads []*tensor.Tensor[float32]) { clipNorm(c, grads) }
func (c ClipNorm) Clip64(grads []*tensor.Tensor[float64]) { clipNorm(c, grads) }

// Attributes lists the largest norm.
func (c ClipNorm) Attributes() []layer.Attribute { return []layer.Attribute{number("most", c.Most)} }

func clipNorm[T tensor.Float](c ClipNorm, grads []*tensor.Tensor[T]) {
	most := T(c.Most)
	for _, t := range grads {
		divisor := max(Norm(t), most)
		for i, g := range t.Data {
			t.Data[i] = T(g*most) / divisor
		}
	}
}
