package optim

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Clip limits the gradients of all parameters before anything else is done with them.
type Clip interface {
	// Name is the name of the rule, as in Clips.
	Name() string
	// Clip32 and Clip64 change the gradients, one tensor for each parameter, in place.
	Clip32(grads []*tensor.Tensor[float32])
	Clip64(grads []*tensor.Tensor[float64])
	// Attributes lists the settings.
	Attributes() []layer.Attribute
}

// Clips has an example of every rule, with every setting away from its default.
var Clips = []Clip{
	ClipGlobalNorm{Most: 2.5, Always: true},
	ClipNorm{Most: 1.5},
	ClipValue{Least: -0.5, Most: 0.25},
}

// clip is Clip32 or Clip64; a nil Clip does nothing.
func clip[T tensor.Float](c Clip, params []Param[T]) {
	if c == nil {
		return
	}
	var grads []*tensor.Tensor[T]
	for _, p := range params {
		grads = append(grads, p.Grad)
	}
	switch grads := any(grads).(type) {
	case []*tensor.Tensor[float32]:
		c.Clip32(grads)
	case []*tensor.Tensor[float64]:
		c.Clip64(grads)
	}
}

// Norm is the Euclidean norm of all elements together. The squares are summed in float64.
func Norm[T tensor.Float](grads ...*tensor.Tensor[T]) T {
	sum := 0.0
	for _, t := range grads {
		for _, g := range t.Data {
			sum += float64(g) * float64(g)
		}
	}
	return T(math.Sqrt(sum))
}
