package optim

import (
	"math"

	"parity/googlenet/tensor"
)

// clip scales all gradients by most/norm where their norm is beyond most. The squares are summed in float64.
func clip[T tensor.Float](most float64, params []Param[T]) {
	if most < 0 {
		return
	}
	sum := 0.0
	for _, p := range params {
		for _, g := range p.Grad.Data {
			sum += float64(g) * float64(g)
		}
	}
	norm := T(math.Sqrt(sum))
	if !(norm > T(most)) {
		return
	}
	scale := T(most) / norm
	for _, p := range params {
		for i := range p.Grad.Data {
			p.Grad.Data[i] *= scale
		}
	}
}

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
