package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// threshold is exact but where x lies so near that it may be on either side: there it may be 0 or 1.
func threshold(c *Call) []*tensor.Tensor[float64] {
	limit, u := c.Layer.(layer.Threshold).Threshold, c.Producer.U
	if c.Err[0] == nil && constant(limit, u).e == 0 {
		return one(nil)
	}
	return c.each(func(x num, _ float64) float64 {
		if near(x, limit, u) {
			return 1
		}
		return 0
	})
}
