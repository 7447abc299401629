package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// argExtreme: nothing rounds. With inputs that are off by e the index may be that of any number that may be the largest.
func argExtreme(c *Call) []*tensor.Tensor[float64] {
	if c.Err[0] == nil {
		return one(nil)
	}
	l := c.Layer.(layer.ArgExtreme)
	rows := layer.ClassesOf(c.In[0].Shape, l.Axis)
	b := tensor.New[float64](c.Out[0].Shape...)
	parallel.For(c.Workers, rows.Rows(), func(row int) {
		list := make([]num, rows.Count)
		for k := range list {
			at := rows.At(row, k)
			if list[k] = numberAt(c.In[0], c.Err[0], at); l.Least {
				list[k] = list[k].negative()
			}
		}
		for _, k := range rivals(list) {
			b.Data[row] = max(b.Data[row], math.Abs(float64(k)-c.Out[0].Data[row]))
		}
	})
	return one(b)
}
