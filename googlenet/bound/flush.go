package bound

import (
	"math"
	"slices"

	"parity/googlenet/tensor"
)

// flushed returns the errors of tensors that may be read with zeros in the place of denormal numbers: where x, off by e, may be
// denormal, zero is no farther from it than |x|.
func (p Producer) flushed(in, errs []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	out := slices.Clone(errs)
	for i, t := range in {
		e := atOrZero(errs[i])
		var moved *tensor.Tensor[float64]
		for at, x := range t.Data {
			if size := math.Abs(x); size > e(at) && size < e(at)+p.Tiny {
				if moved == nil {
					moved = errorOf(errs[i], t).Clone()
				}
				moved.Data[at] = size
			}
		}
		if moved != nil {
			out[i] = moved
		}
	}
	return out
}

// flush admits zeros for results that may be denormal. What is exact without that was only moved.
func (p Producer) flush(result, bound *tensor.Tensor[float64]) {
	if !p.Flushes || result == nil || bound == nil {
		return
	}
	for i, v := range result.Data {
		if size := math.Abs(v); size < bound.Data[i]+p.Tiny {
			bound.Data[i] = max(bound.Data[i], size)
		}
	}
}
