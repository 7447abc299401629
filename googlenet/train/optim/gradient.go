package optim

import (
	"parity/googlenet/kernel"
	"parity/googlenet/tensor"
)

func average[T tensor.Float](n int, grad []T) {
	if n == 1 {
		return
	}
	share := 1 / T(n)
	for i := range grad {
		grad[i] *= share
	}
}

// regularize adds the gradient of the penalty.
func regularize[T tensor.Float](m *Method, decay T, value, grad []T) {
	switch {
	case decay == 0:
	case m.Penalty == L1:
		for i, w := range value {
			grad[i] = fma(decay, sign(w), grad[i])
		}
	default:
		kernel.For[T]().Blend(decay, value, 1, grad)
	}
}

// sign is -1, 0 or 1; of what is not a number 0, as in Caffe.
func sign[T tensor.Float](w T) T {
	switch {
	case w > 0:
		return 1
	case w < 0:
		return -1
	}
	return 0
}
