package tensor

// Permute returns a copy whose dimension i is dimension axes[i] of t, as numpy.transpose does.
func Permute[T Float](t *Tensor[T], axes ...int) *Tensor[T] {
	rank := len(axes)
	shape := make(Shape, rank)
	from := strides(t.Shape)
	step := make([]int, rank)
	for i, a := range axes {
		shape[i] = t.Shape[a]
		step[i] = from[a]
	}
	out := New[T](shape...)
	if len(out.Data) == 0 {
		return out
	}
	index := make([]int, rank)
	src := 0
	inner, innerStep := 1, 0
	if rank > 0 {
		inner, innerStep = shape[rank-1], step[rank-1]
	}
	for dst := 0; dst < len(out.Data); dst += inner {
		row := out.Data[dst : dst+inner]
		for i, s := 0, src; i < inner; i, s = i+1, s+innerStep {
			row[i] = t.Data[s]
		}
		for d := rank - 2; d >= 0; d-- {
			index[d]++
			src += step[d]
			if index[d] < shape[d] {
				break
			}
			src -= index[d] * step[d]
			index[d] = 0
		}
	}
	return out
}

// PermuteAny is Permute for a tensor of either precision.
func PermuteAny(t Any, axes ...int) Any {
	switch t := t.(type) {
	case *Tensor[float32]:
		return Permute(t, axes...)
	case *Tensor[float64]:
		return Permute(t, axes...)
	}
	return nil
}

// ReshapeAny returns a view of t under another shape of equal length.
func ReshapeAny(t Any, shape ...int) Any {
	switch t := t.(type) {
	case *Tensor[float32]:
		return t.Reshaped(shape...)
	case *Tensor[float64]:
		return t.Reshaped(shape...)
	}
	return nil
}

func strides(s Shape) []int {
	out := make([]int, len(s))
	n := 1
	for i := len(s) - 1; i >= 0; i-- {
		out[i] = n
		n *= s[i]
	}
	return out
}
