package bound

import "parity/googlenet/layer"

// broadcastGradient bounds the sums of dy over what was repeated.
func broadcastGradient(c *GradientCall) GradientBounds {
	out := c.none()
	out.In[0] = c.repeatedSums(layer.Repeat(c.Out[0].Shape, c.In[0].Shape), 0, c.outGradient)
	return out
}
