package optim

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// ClipValue limits every element to [Least, Most].
type ClipValue struct{ Least, Most float64 }

func (ClipValue) Name() string { return "ClipValue" }

func (c ClipValue) Clip32(grads []*tensor.Tensor[float32]) { clipValue(c, grads) }
func (c ClipValue) Clip64(grads []*tensor.Tensor[float64]) { clipValue(c, grads) }

// Attributes lists the limits.
func (c ClipValue) Attributes() []layer.Attribute {
	return []layer.Attribute{number("least", c.Least), number("most", c.Most)}
}

func clipValue[T tensor.Float](c ClipValue, grads []*tensor.Tensor[T]) {
	for _, t := range grads {
		for i, g := range t.Data {
			t.Data[i] = max(min(g, T(c.Most)), T(c.Least))
		}
	}
}
