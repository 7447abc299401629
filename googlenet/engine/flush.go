package engine

import (
	"math"
	"slices"

	"parity/googlenet/tensor"
)

// smallest is the smallest normal float32.
const smallest = 0x1p-126

// flushed returns tensors with zeros, of the same sign, for denormal float32 numbers, the tensors themselves where there are
// none. Float64 numbers stay: where they are the truth that others are held against, a bound admits the zeros.
func flushed[T tensor.Float](list []*tensor.Tensor[T]) []*tensor.Tensor[T] {
	out := slices.Clone(list)
	for i, t := range list {
		if t32, ok := any(t).(*tensor.Tensor[float32]); ok && t != nil && slices.ContainsFunc(t32.Data, denormal) {
			out[i] = t.Clone()
			flush(out[i])
		}
	}
	return out
}

func denormal(v float32) bool { return v < smallest && v > -smallest && v != 0 }

// flush does that in place.
func flush[T tensor.Float](t *tensor.Tensor[T]) {
	t32, ok := any(t).(*tensor.Tensor[float32])
	if !ok || t == nil {
		return
	}
	for i, v := range t32.Data {
		if denormal(v) {
			t32.Data[i] = float32(math.Copysign(0, float64(v)))
		}
	}
}
