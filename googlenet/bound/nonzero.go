package bound

import "parity/googlenet/tensor"

// nonzero is exact, unless an element may as well be 0, or not: then another number of other places is as right, which no
// bound of this output covers.
func nonzero(c *Call) []*tensor.Tensor[float64] {
	if undecided(c.In[0], c.Err[0]) > 0 {
		return unbounded(c.Out)
	}
	return one(nil)
}
