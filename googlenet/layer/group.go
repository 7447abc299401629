package layer

import (
	"iter"

	"parity/googlenet/tensor"
)

// Group is a set of elements that belong together in a sum: Count runs of Length neighbours each, Stride apart.
type Group struct{ Start, Length, Stride, Count int }

// Len returns the number of elements.
func (g Group) Len() int { return g.Length * g.Count }

// All lists the offsets of the elements.
func (g Group) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for run := range g.Count {
			for i := range g.Length {
				if !yield(g.Start + run*g.Stride + i) {
					return
				}
			}
		}
	}
}

// sumOver adds up f over a group, in float64 so that long sums do not lose what short ones keep.
func sumOver[T tensor.Float](g Group, f func(at int) T) T {
	total := 0.0
	for run := range g.Count {
		for i := range g.Length {
			total += float64(f(g.Start + run*g.Stride + i))
		}
	}
	return T(total)
}

func meanOver[T tensor.Float](g Group, f func(at int) T) T { return sumOver(g, f) / T(g.Len()) }

// centre writes the distances of a group's elements from their mean, and returns the mean and the mean of the squared
// distances. It goes over the elements twice: the difference of two means of squares would cancel.
func centre[T tensor.Float](g Group, x, to []T) (m, variance T) {
	m = meanOver(g, func(at int) T { return x[at] })
	for at := range g.All() {
		to[at] = x[at] - m
	}
	return m, meanOver(g, func(at int) T { return to[at] * to[at] })
}

// standardBackward is the gradient of y = (x - mean) / s, with s the standard deviation of the group:
//
//	dx = (dy - (mean(dy) + y mean(dy y))) / s
func standardBackward[T tensor.Float](g Group, y, d, to []T, s T) {
	shift := meanOver(g, func(at int) T { return d[at] })
	slope := meanOver(g, func(at int) T { return d[at] * y[at] })
	for at := range g.All() {
		to[at] = (d[at] - (shift + slope*y[at])) / s
	}
}
