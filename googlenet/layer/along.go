package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Along says how a tensor lies along some axes of a larger one: each of its Len elements meets, in turn, Inner neighbours
// of the larger one.
type Along struct{ Len, Inner int }

// along is for a tensor that has the extents of a number of axes from one on.
func along(s tensor.Shape, axis, axes int) Along {
	return Along{s[axis : axis+axes].Len(), s[axis+axes:].Len()}
}

// Of returns the element that meets the element at an offset of the larger tensor.
func (a Along) Of(at int) int { return at / a.Inner % a.Len }

// eachRow calls f for the n elements of the larger tensor, in rows lo to hi that meet one element.
func (a Along) eachRow(workers, n int, f func(of, lo, hi int)) {
	parallel.For(workers, n/max(a.Inner, 1), func(i int) { f(i%a.Len, i*a.Inner, (i+1)*a.Inner) })
}

// addUpAlong writes to every element of sums the sum of f over the elements that it meets, of n in all.
func addUpAlong[T tensor.Float](a Along, n int, sums []T, f func(at int) T) {
	totals := make([]float64, a.Len) // long sums must not lose what short ones keep
	a.eachRow(1, n, func(of, lo, hi int) {
		for at := lo; at < hi; at++ {
			totals[of] += float64(f(at))
		}
	})
	for i, v := range totals {
		sums[i] = T(v)
	}
}

// checkAxes refuses axes that the shape does not have.
func checkAxes(l Layer, s tensor.Shape, axis, axes int) error {
	if axis < 0 || axes < 0 || axis+axes > len(s) {
		return fmt.Errorf("%s along %d axes from %d on is outside the %d dimensions of %v", l.Kind(), axes, axis, len(s), s)
	}
	return nil
}

// checkAlong refuses a second input that does not have the extents of the first from an axis on.
func checkAlong(l Layer, in []tensor.Shape, axis int) error {
	if err := arity(l, in, 2); err != nil {
		return err
	}
	if err := checkAxes(l, in[0], axis, len(in[1])); err != nil {
		return err
	}
	if want := in[0][axis : axis+len(in[1])]; !in[1].Equal(want) {
		return fmt.Errorf("%s from axis %d on needs a second input of shape %v along %v, got %v", l.Kind(), axis, want, in[0], in[1])
	}
	return nil
}

// axisAttributes lists an axis and how many more follow it, if any.
func axisAttributes(axis, more int) []Attribute {
	list := []Attribute{{"axis", strconv.Itoa(axis)}}
	switch {
	case more < 0:
		return []Attribute{{"axes", "none"}}
	case more > 0:
		list = append(list, Attribute{"axes", strconv.Itoa(1 + more)})
	}
	return list
}
