package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// gatherND moves elements. Where an index is not certain anything may be there.
func gatherND(c *Call) []*tensor.Tensor[float64] {
	if c.uncertain(1) {
		return c.anything()
	}
	if c.Err[0] == nil {
		return one(nil)
	}
	return c.run(c.Layer, []*tensor.Tensor[float64]{c.Err[0], c.In[1]}, nil)
}

// gatherNDGradient adds up the gradients of all outputs that show a place.
func gatherNDGradient(c *GradientCall) GradientBounds {
	if c.forward().uncertain(1) {
		return c.anything()
	}
	return c.sums(mostAtAPlace(c.In[0].Shape, c.In[1], c.Layer.(layer.GatherND).Batch))
}

// scatterND moves elements, or adds up to so many to one.
func scatterND(c *Call) []*tensor.Tensor[float64] {
	if c.uncertain(1) {
		return c.anything()
	}
	if !c.Layer.(layer.ScatterND).Add {
		if c.Err[0] == nil && c.Err[2] == nil {
			return one(nil)
		}
		return c.run(c.Layer, []*tensor.Tensor[float64]{errorOf(c.Err[0], c.In[0]), c.In[1], errorOf(c.Err[2], c.In[2])}, nil)
	}
	sums, update := make([]total, len(c.Out[0].Data)), numbers(c.In[2], c.Err[2])
	for i := range sums {
		sums[i].add(numberAt(c.In[0], c.Err[0], i))
	}
	layer.EachPlace(c.In[0].Shape, c.In[1], 0, func(at, from, n int) {
		for j := range n {
			sums[at+j].add(update(from + j))
		}
	})
	b := tensor.New[float64](c.Out[0].Shape...)
	for i := range sums {
		b.Data[i] = sums[i].sum(c.Producer).e
	}
	return one(b)
}

// scatterNDGradient moves elements.
func scatterNDGradient(c *GradientCall) GradientBounds {
	if c.forward().uncertain(1) {
		return c.anything()
	}
	return movedGradient(c)
}

// reverseSequence moves elements.
func reverseSequence(c *Call) []*tensor.Tensor[float64] {
	if c.uncertain(1) {
		return c.anything()
	}
	if c.Err[0] == nil {
		return one(nil)
	}
	return c.run(c.Layer, []*tensor.Tensor[float64]{c.Err[0], c.In[1]}, nil)
}

func reverseSequenceGradient(c *GradientCall) GradientBounds {
	if c.forward().uncertain(1) {
		return c.anything()
	}
	return movedGradient(c)
}

// uncertain tells whether one of an input's whole numbers may be another one.
func (c *Call) uncertain(input int) bool {
	e := c.inputError(input)
	for i, v := range c.In[input].Data {
		if math.Trunc(v-e(i)) != math.Trunc(v+e(i)) {
			return true
		}
	}
	return false
}

// anything bounds outputs of which nothing is known.
func (c *Call) anything() []*tensor.Tensor[float64] {
	var list []*tensor.Tensor[float64]
	for _, y := range c.Out {
		list = append(list, infinite(y.Shape))
	}
	return list
}

// anything bounds gradients of which nothing is known.
func (c *GradientCall) anything() GradientBounds {
	out := c.none()
	out.Undecided = 1
	for i, x := range c.In {
		if c.InGrad[i] != nil {
			out.In[i] = infinite(x.Shape)
		}
	}
	return out
}

func infinite(s tensor.Shape) *tensor.Tensor[float64] {
	t := tensor.New[float64](s...)
	for i := range t.Data {
		t.Data[i] = math.Inf(1)
	}
	return t
}

// mostAtAPlace is how many look-ups point to one place, at most.
func mostAtAPlace(s tensor.Shape, index *tensor.Tensor[float64], batch int) int {
	count, most := map[int]int{}, 0
	layer.EachPlace(s, index, batch, func(at, _, _ int) {
		count[at]++
		most = max(most, count[at])
	})
	return most
}
