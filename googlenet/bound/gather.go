package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// gather moves cells; where an index is not certain any place that it may point to is admitted.
func gather(c *Call) []*tensor.Tensor[float64] {
	if c.Err[0] == nil && c.Err[1] == nil {
		return one(nil)
	}
	b := c.run(c.Layer, []*tensor.Tensor[float64]{errorOf(c.Err[0], c.In[0]), c.In[1]}, nil)
	x, e := c.In[0].Data, c.inputError(0)
	gathered{c.Layer.(layer.Gather), c.In, c.Err[1]}.each(func(place, to, n int, rivals []int) {
		for _, other := range rivals {
			for j := range n {
				d := math.Abs(x[other+j]-x[place+j]) + e(other+j)
				b[0].Data[to+j] = max(b[0].Data[to+j], d)
			}
		}
	})
	return b
}

// gathered is a look-up whose indices have errors.
type gathered struct {
	layer.Gather
	in       []*tensor.Tensor[float64]
	indexErr *tensor.Tensor[float64]
}

// each calls f for every look-up of n cells: where they begin in the input and in the output, and where the others begin that
// the index, within its error, may point to.
func (l gathered) each(f func(place, to, n int, rivals []int)) {
	e := atOrZero(l.indexErr)
	extent := l.in[0].Shape[l.Axis]
	layer.EachGathered(l.Gather, l.in[0].Shape, l.in[1], func(i, row, from, to, n int) {
		var rivals []int
		v := l.in[1].Data[i]
		for other := max(int(v-e(i)), 0); other <= min(int(v+e(i)), extent-1); other++ {
			if other != row {
				rivals = append(rivals, from+other*n)
			}
		}
		f(from+row*n, to, n, rivals)
	})
}

// gatherGradient adds up the gradients of all outputs that show a cell, at most n of them. What an uncertain index gave to one
// place may have gone to another.
func gatherGradient(c *GradientCall) GradientBounds {
	l := gathered{c.Layer.(layer.Gather), c.In, c.InErr[1]}
	readers, n := map[int]int{}, 0
	l.each(func(place, _, _ int, rivals []int) {
		for _, at := range append(rivals, place) {
			readers[at]++
			n = max(n, readers[at])
		}
	})
	out := c.sums(n)
	if out.In[0] == nil {
		out.In[0] = tensor.New[float64](c.In[0].Shape...)
	}
	to, d, e := out.In[0].Data, c.OutGrad[0].Data, atOrZero(c.OutGradErr[0])
	rounding := c.Producer.gamma(max(n-1, 0))
	l.each(func(place, from, n int, rivals []int) {
		if len(rivals) == 0 {
			return
		}
		out.Undecided++
		for _, at := range append(rivals, place) {
			for j := range n {
				to[at+j] += (1 + rounding) * (math.Abs(d[from+j]) + e(from+j))
			}
		}
	})
	return out
}
