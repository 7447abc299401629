package bound

import "parity/googlenet/layer"

// im2colGradient adds up the gradients of all positions that see a cell.
func im2colGradient(c *GradientCall) GradientBounds {
	return c.sums(c.Layer.(layer.Im2col).MostAtACell())
}
