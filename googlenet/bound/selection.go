package bound

import (
	"math"
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// moved is for operations that only move elements: each keeps the bound that it came with, and cells that an
// operation fills in itself are exact.
func moved(c *Call) []*tensor.Tensor[float64] {
	if !slices.ContainsFunc(c.Err, func(e *tensor.Tensor[float64]) bool { return e != nil }) {
		return one(nil)
	}
	in := slices.Clone(c.Err)
	for i, e := range in {
		if e == nil {
			in[i] = tensor.New[float64](c.In[i].Shape...)
		}
	}
	return one(c.run(c.Layer, in, nil))
}

// maxPool: the maximum is 1-Lipschitz in the largest norm of its window and does not round.
func maxPool(c *Call) []*tensor.Tensor[float64] {
	if c.Err[0] == nil {
		return one(nil)
	}
	b := c.run(c.Layer, c.Err, nil)
	for i, v := range b.Data {
		b.Data[i] = max(v, 0) // a window outside the map has no error
	}
	return one(b)
}

// relu: above zero by more than e the element passes with its error; below, it is scaled by the slope s and
// rounded; in between either may have happened, so that the larger of the two slopes counts.
func relu(c *Call) []*tensor.Tensor[float64] {
	s := math.Abs(c.Layer.(layer.ReLU).Slope)
	if c.Err[0] == nil && s == 0 {
		return one(nil)
	}
	e := c.inputError(0)
	b := tensor.New[float64](c.In[0].Shape...)
	for i, x := range c.In[0].Data {
		d := e(i)
		rounded := s * c.Producer.U * (math.Abs(x) + d)
		if s > 0 {
			rounded += c.Producer.Tiny
		}
		switch {
		case x > d:
			b.Data[i] = d
		case x < -d:
			b.Data[i] = s*d + rounded
		default:
			b.Data[i] = max(1, s)*d + rounded
		}
	}
	return one(b)
}
