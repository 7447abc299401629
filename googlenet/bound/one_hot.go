package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// oneHot is exact; where the number is not certain, every cell that would differ is.
func oneHot(c *Call) []*tensor.Tensor[float64] {
	if c.Err[0] == nil {
		return one(nil)
	}
	l := c.Layer.(layer.OneHot)
	b := tensor.New[float64](c.Out[0].Shape...)
	step, inner := math.Abs(l.On-l.Off), c.In[0].Shape[l.Axis:].Len()
	for i, v := range c.In[0].Data {
		e := c.Err[0].Data[i]
		lowest, highest := math.Trunc(v-e), math.Trunc(v+e)
		for place := range l.Depth {
			if p := float64(place); lowest < highest && lowest <= p && p <= highest {
				b.Data[(i/inner*l.Depth+place)*inner+i%inner] = step
			}
		}
	}
	return one(b)
}
