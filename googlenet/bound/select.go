package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// selected does not round: an element has the error of the one that it is taken from. Where the condition is open it may be
// the other one.
func selected(c *Call) []*tensor.Tensor[float64] {
	if !known(c.Err) {
		return one(nil)
	}
	r := layer.Repeat(c.Out[0].Shape, c.In[0].Shape, c.In[1].Shape, c.In[2].Shape)
	read := func(input, i int) num { return numberAt(c.In[input], c.Err[input], r.At(input, i)) }
	b := tensor.New[float64](c.Out[0].Shape...)
	for i := range b.Data {
		condition := read(0, i)
		chosen := layer.Chosen(condition.v)
		if b.Data[i] = read(chosen, i).e; flips(condition) > 0 {
			b.Data[i] = uncertain(either(read(1, i), read(2, i)))
		}
	}
	return one(b)
}

// uncertain makes a bound that is no number infinite.
func uncertain(b float64) float64 {
	if b >= 0 {
		return b
	}
	return math.Inf(1)
}

// selectGradient: dy goes to the chosen input, and may go to either where the condition is open.
func selectGradient(c *GradientCall) GradientBounds {
	out := c.none()
	r := layer.Repeat(c.Out[0].Shape, c.In[0].Shape, c.In[1].Shape, c.In[2].Shape)
	condition := func(i int) num { return numberAt(c.In[0], c.InErr[0], r.At(0, i)) }
	for input := 1; input <= 2; input++ {
		out.In[input] = c.repeatedSums(r, input, func(i int) num {
			d, chosen := c.outGradient(i), condition(i)
			switch {
			case flips(chosen) > 0:
				return num{0, math.Abs(d.v) + d.e}
			case layer.Chosen(chosen.v) == input:
				return d
			}
			return num{}
		})
	}
	for i := range c.Out[0].Data {
		out.Undecided += int(flips(condition(i)))
	}
	return out
}
