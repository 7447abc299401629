package engine

import (
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// smallest is the smallest normal float32.
const smallest = 0x1p-126

// flushed returns tensors with zeros, of the same sign, for denormal float32 numbers, the tensors themselves where there are
// none. Float64 numbers stay: where they are the truth that others are held against, a bound admits the zeros.
func flushed[T tensor.Float](list []*tensor.Tensor[T]) []*tensor.Tensor[T] {
	out := slices.Clone(list)
	for i, t := range list {
		if t != nil && someDenormal(t.Data) {
			out[i] = t.Clone()
			flush(out[i].Data)
		}
	}
	return out
}

// someDenormal looks at the bits: without the sign and less one, those of denormal numbers are the smallest, and those of zero the
// largest.
func someDenormal[T tensor.Float](data []T) bool {
	list, ok := any(data).([]float32)
	if !ok {
		return false
	}
	least := ^uint32(0)
	for _, v := range list {
		least = min(least, math.Float32bits(v)&^(1<<31)-1)
	}
	return least < math.Float32bits(smallest)-1
}

// flush does that in place.
func flush[T tensor.Float](data []T) {
	list, ok := any(data).([]float32)
	if !ok || !someDenormal(list) {
		return
	}
	for i, v := range list {
		if v < smallest && v > -smallest {
			list[i] = float32(math.Copysign(0, float64(v)))
		}
	}
}

// flushBlocked does that with maps in blocks.
func flushBlocked[T tensor.Float](b *layer.Blocked[T]) {
	for image := range b.Shape[0] {
		flush(b.Image(image))
	}
}

// readsDenormals reports whether a node that flushes reads anything to be flushed, which then is done on tensors.
func readsDenormals[T tensor.Float](n *graph.Node, in []*value[T]) bool {
	var one T
	if _, single := any(one).(float32); !n.Flush || !single {
		return false
	}
	return slices.ContainsFunc(in, func(v *value[T]) bool { return v.Any(someDenormal[T]) }) ||
		slices.ContainsFunc(weights[T](n), func(w *tensor.Tensor[T]) bool { return someDenormal(w.Data) })
}
