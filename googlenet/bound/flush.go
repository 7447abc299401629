package bound

import (
	"math"

	"parity/googlenet/tensor"
)

// denormal reports whether a number, or one that is off by e, may be denormal.
func (p Producer) denormal(v, e float64) bool {
	return math.Abs(v)-e < p.Tiny && (v != 0 || e > 0)
}

// flushed adds what a number that may be denormal loses where it is read, or written, as 0. The errors come back as they are
// where there is no such number, or for a producer that keeps them.
func (p Producer) flushed(x, e *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if !p.Flushes || x == nil {
		return e
	}
	at, out := atOrZero(e), (*tensor.Tensor[float64])(nil)
	for i, v := range x.Data {
		if !p.denormal(v, at(i)) {
			continue
		}
		if out == nil {
			out = errorOf(e, x).Clone()
		}
		out.Data[i] += min(p.Tiny, math.Abs(v)+at(i))
	}
	if out == nil {
		return e
	}
	return out
}

func (p Producer) allFlushed(x, e []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	out := make([]*tensor.Tensor[float64], len(x))
	for i, t := range x {
		out[i] = p.flushed(t, e[i])
	}
	return out
}

// flushAlike reports whether two producers flush the same of these tensors.
func (p Producer) flushAlike(q Producer, list ...[]*tensor.Tensor[float64]) bool {
	if p.Flushes == q.Flushes {
		return true
	}
	for _, tensors := range list {
		for _, t := range tensors {
			for _, v := range t.Data {
				if p.denormal(v, 0) {
					return false
				}
			}
		}
	}
	return true
}
