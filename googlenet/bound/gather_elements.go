package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// gatherElements moves elements; where an index is not certain any place that it may point to is admitted.
func gatherElements(c *Call) []*tensor.Tensor[float64] {
	if !known(c.Err) {
		return one(nil)
	}
	b := c.run(c.Layer, []*tensor.Tensor[float64]{errorOf(c.Err[0], c.In[0]), c.In[1]}, nil)
	x, e := c.In[0].Data, c.inputError(0)
	pointers{c.Layer.(layer.GatherElements), c.In, c.Err[1]}.each(func(i, place int, rivals []int) {
		for _, other := range rivals {
			b[0].Data[i] = max(b[0].Data[i], math.Abs(x[other]-x[place])+e(other))
		}
	})
	return b
}

// pointers are the look-ups of a GatherElements whose indices have errors.
type pointers struct {
	layer.GatherElements
	in       []*tensor.Tensor[float64]
	indexErr *tensor.Tensor[float64]
}

// each calls f for every element of the indices: the place that it points to, and the others that it may within its error.
func (p pointers) each(f func(i, place int, rivals []int)) {
	e := atOrZero(p.indexErr)
	extent := p.in[0].Shape[p.Axis]
	layer.EachElementGathered(p.GatherElements, p.in[0].Shape, p.in[1], func(i, from, step, row int) {
		var rivals []int
		v := p.in[1].Data[i]
		for other := max(int(v-e(i)), 0); other <= min(int(v+e(i)), extent-1); other++ {
			if other != row {
				rivals = append(rivals, from+other*step)
			}
		}
		f(i, from+row*step, rivals)
	})
}

// gatherElementsGradient adds up the gradients of all outputs that show a place. What an uncertain index gave to one place may have
// gone to another.
func gatherElementsGradient(c *GradientCall) GradientBounds {
	p := pointers{c.Layer.(layer.GatherElements), c.In, c.InErr[1]}
	undecided := 0
	b := c.input(func(to []float64) {
		sums, d := make([]total, len(to)), numbers(c.OutGrad[0], c.OutGradErr[0])
		p.each(func(i, place int, rivals []int) {
			v := d(i)
			if len(rivals) > 0 {
				v.e += math.Abs(v.v)
				undecided++
			}
			sums[place].add(v)
			for _, other := range rivals {
				sums[other].add(num{0, v.e})
			}
		})
		for i := range to {
			to[i] = sums[i].sum(c.Producer).e
		}
	})
	b.Undecided = undecided
	return b
}
