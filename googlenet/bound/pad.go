package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// pad moves elements; the cells around them are exact.
func pad(c *Call) []*tensor.Tensor[float64] {
	zeros := *c
	l := c.Layer.(layer.Pad)
	l.Value = 0
	zeros.Layer = l
	return moved(&zeros)
}

// mirrorPadGradient adds up the gradients of a cell and of its images: at most two along each axis.
func mirrorPadGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.MirrorPad)
	n := 1
	for i := range l.Before {
		n *= 1 + min(l.Before[i], 1) + min(l.After[i], 1)
	}
	return c.sums(n)
}
