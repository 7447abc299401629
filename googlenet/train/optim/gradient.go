package optim

import "parity/googlenet/tensor"

func average[T tensor.Float](n int, grad []T) {
	if n == 1 {
		return
	}
	share := 1 / T(n)
	for i := range grad {
		grad[i] *= share
	}
}

func regularize[T tensor.Float](m *Method, p Param[T]) {
	decay := T(m.Decay) * T(p.Decay)
	if decay == 0 {
		return
	}
	for i, w := range p.Value.Data {
		if m.Penalty == L1 {
			w = sign(w)
		}
		p.Grad.Data[i] = fma(decay, w, p.Grad.Data[i])
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
