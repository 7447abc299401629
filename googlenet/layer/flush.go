package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// flushed is 0 for a denormal number of its precision, if those are flushed.
func flushed[T tensor.Float](v T, flush bool) T {
	if flush && v > -smallest[T]() && v < smallest[T]() {
		return T(math.Copysign(0, float64(v)))
	}
	return v
}

// smallest is the smallest normal number.
func smallest[T tensor.Float]() T {
	if _, single := any(T(0)).(float32); single {
		return 0x1p-126
	}
	least := 0x1p-1022
	return T(least)
}

func flushAttribute(list []Attribute, flush bool) []Attribute {
	if flush {
		list = append(list, Attribute{"denormal numbers", "0"})
	}
	return list
}
