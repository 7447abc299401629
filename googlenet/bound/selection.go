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
	if !known(c.Err) {
		return make([]*tensor.Tensor[float64], len(c.Out))
	}
	return c.run(c.Layer, c.errors(), nil)
}

// passed is for operations that do not round and bring no two values farther apart.
func passed(c *Call) []*tensor.Tensor[float64] { return one(c.Err[0]) }

// errors returns the bounds of the inputs, zeros for exact ones.
func (c *Call) errors() []*tensor.Tensor[float64] {
	list := slices.Clone(c.Err)
	for i, e := range list {
		if e == nil {
			list[i] = tensor.New[float64](c.In[i].Shape...)
		}
	}
	return list
}

// maxPool: the maximum is 1-Lipschitz in the largest norm of its window and does not round. Where the largest lies is
// certain only if no other element of the window comes within both errors of it; else it may be anywhere in it.
func maxPool(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.MaxPool)
	b := make([]*tensor.Tensor[float64], len(c.Out))
	if c.Err[0] == nil {
		return b
	}
	plain := l
	plain.Mask = false
	b[0] = tensor.New[float64](c.Out[0].Shape...)
	plain.Forward64(&layer.Call[float64]{In: c.Err, Out: b[:1], Workers: c.Workers})
	for i, v := range b[0].Data {
		b[0].Data[i] = max(v, 0) // a window outside the map has no error
	}
	if l.Mask {
		b[1] = tensor.New[float64](c.Out[1].Shape...)
		l.EachChoice(c.In[0], c.Err[0], c.Workers, func(cell int, rivals []int) {
			for _, offset := range rivals {
				at := l.Place(c.In[0].Shape, c.Out[0].Shape, cell, offset)
				b[1].Data[cell] = max(b[1].Data[cell], math.Abs(float64(at)-c.Out[1].Data[cell]))
			}
		})
	}
	return b
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
