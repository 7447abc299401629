package bound

import (
	"math"
	"slices"

	"parity/googlenet/tensor"
)

// filter moves the items that are selected. Where the selector may as well be zero, or not, another number of items in
// other places is as right, which no bound of this output covers.
func filter(c *Call) []*tensor.Tensor[float64] {
	last := len(c.In) - 1
	if undecided(c.In[last], c.Err[last]) > 0 {
		return unbounded(c.Out)
	}
	if !slices.ContainsFunc(c.Err[:last], func(e *tensor.Tensor[float64]) bool { return e != nil }) {
		return make([]*tensor.Tensor[float64], len(c.Out))
	}
	return c.run(c.Layer, append(c.errors()[:last:last], c.In[last]), nil)
}

// undecided counts the items whose selector is within its error of the other choice.
func undecided(selector, e *tensor.Tensor[float64]) int {
	off, n := atOrZero(e), 0
	for i, v := range selector.Data {
		if off(i) > 0 && math.Abs(v) <= off(i) {
			n++
		}
	}
	return n
}

func unbounded(like []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	var list []*tensor.Tensor[float64]
	for _, t := range like {
		b := tensor.New[float64](t.Shape...)
		for i := range b.Data {
			b.Data[i] = math.Inf(1)
		}
		list = append(list, b)
	}
	return list
}

// filterGradient moves the gradients back to the items that were selected.
func filterGradient(c *GradientCall) GradientBounds {
	last := len(c.In) - 1
	if n := undecided(c.In[last], c.InErr[last]); n > 0 {
		return GradientBounds{In: append(unbounded(c.In[:last]), nil), Undecided: n}
	}
	return movedGradient(c)
}
