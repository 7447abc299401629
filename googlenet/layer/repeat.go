package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Repeated says how the elements of several tensors meet. Their shapes are aligned at their ends; where one has an extent of 1 or
// lacks an axis, it is repeated along the others (NumPy's broadcasting).
type Repeated struct {
	Shape tensor.Shape // of what they make together
	// offsets has, for each tensor, that of its element for each element of the whole; nil where they are the same.
	offsets [][]int
}

// repeatedShape returns the shape that tensors make together, or why they do not meet.
func repeatedShape(l Layer, in []tensor.Shape) (tensor.Shape, error) {
	var out tensor.Shape
	for i, s := range in {
		for len(out) < len(s) {
			out = append(tensor.Shape{1}, out...)
		}
		for axis := range s {
			d, to := s[axis], &out[len(out)-len(s)+axis]
			switch {
			case *to == 1:
				*to = d
			case d != 1 && d != *to:
				return nil, fmt.Errorf("%s cannot repeat input %d of shape %v to meet %v", l.Kind(), i, s, in[:i])
			}
		}
	}
	return out, nil
}

// Repeat aligns tensors of shapes that meet in a shape.
func Repeat(whole tensor.Shape, in ...tensor.Shape) Repeated {
	r := Repeated{Shape: whole}
	for _, s := range in {
		var list []int
		if !s.Equal(whole) {
			list = repeatedOffsets(whole, s)
		}
		r.offsets = append(r.offsets, list)
	}
	return r
}

// repeatedOffsets lists which element of a tensor each element of the whole meets.
func repeatedOffsets(whole, s tensor.Shape) []int {
	list := []int{0}
	step := 1
	for axis := len(whole) - 1; axis >= 0; axis-- {
		own := 1
		if at := axis - (len(whole) - len(s)); at >= 0 {
			own = s[at]
		}
		stride := step
		if own == 1 {
			stride = 0
		}
		list = alongAxis(list, whole[axis], stride)
		step *= own
	}
	return list
}

// alongAxis repeats offsets n times, moved by a stride each time.
func alongAxis(list []int, n, stride int) []int {
	out := make([]int, 0, n*len(list))
	for i := range n {
		for _, at := range list {
			out = append(out, at+i*stride)
		}
	}
	return out
}

// At returns the element of a tensor that the i-th element of the whole meets.
func (r Repeated) At(tensor, i int) int {
	if r.offsets[tensor] == nil {
		return i
	}
	return r.offsets[tensor][i]
}

// addUpRepeated writes to every element of a repeated tensor the sum of f over the elements of the whole that meet it.
func addUpRepeated[T tensor.Float](r Repeated, of int, to []T, f func(i int) T) {
	if r.offsets[of] == nil {
		for i := range to {
			to[i] = f(i)
		}
		return
	}
	totals := make([]float64, len(to)) // long sums must not lose what short ones keep
	for i, at := range r.offsets[of] {
		totals[at] += float64(f(i))
	}
	for i, v := range totals {
		to[i] = T(v)
	}
}
