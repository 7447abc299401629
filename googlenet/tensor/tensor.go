// Package tensor holds dense row-major arrays of float32 or float64.
//
// Four-dimensional activations are NCHW and convolution weights OIHW everywhere outside the importers.
package tensor

import "fmt"

// Float is the element type of a tensor.
type Float interface{ float32 | float64 }

// Tensor is a dense row-major array: the last dimension varies fastest and len(Data) == Shape.Len().
type Tensor[T Float] struct {
	Shape Shape
	Data  []T
}

// Any is a *Tensor[float32] or a *Tensor[float64], for code that passes weights and recordings on
// without computing with them.
type Any interface {
	Dims() Shape
	anyTensor()
}

// Slack is the capacity that New leaves beyond a tensor's end, so that kernels may read a whole vector there.
const Slack = 16

// New returns a zero tensor of the given shape.
func New[T Float](shape ...int) *Tensor[T] {
	s := Shape(shape).Clone()
	n := s.Len()
	return &Tensor[T]{Shape: s, Data: make([]T, n, n+Slack)}
}

// From wraps data, which is not copied. It panics when the length does not fit the shape.
func From[T Float](data []T, shape ...int) *Tensor[T] {
	s := Shape(shape).Clone()
	if len(data) != s.Len() {
		panic(fmt.Sprintf("tensor: %d elements do not fill the shape %v", len(data), s))
	}
	return &Tensor[T]{Shape: s, Data: data}
}

// Dims returns the shape.
func (t *Tensor[T]) Dims() Shape { return t.Shape }

func (t *Tensor[T]) anyTensor() {}

// Clone returns a copy that shares nothing with t.
func (t *Tensor[T]) Clone() *Tensor[T] {
	return &Tensor[T]{Shape: t.Shape.Clone(), Data: append([]T(nil), t.Data...)}
}

// Reshaped returns a view of the same data under another shape of equal length.
func (t *Tensor[T]) Reshaped(shape ...int) *Tensor[T] { return From(t.Data, shape...) }

// As returns a as a tensor of T: a itself when it already is one, a converted copy otherwise.
func As[T Float](a Any) *Tensor[T] {
	switch t := a.(type) {
	case *Tensor[T]:
		return t
	case *Tensor[float32]:
		return convert[T](t)
	case *Tensor[float64]:
		return convert[T](t)
	}
	return nil
}

func convert[To, From Float](t *Tensor[From]) *Tensor[To] {
	out := New[To](t.Shape...)
	for i, v := range t.Data {
		out.Data[i] = To(v)
	}
	return out
}
