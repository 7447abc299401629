package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// undilated is the convolution, and its gradients are those of the convolution without dilation.
func undilated(c *Call) []*tensor.Tensor[float64] {
	own := *c
	own.Layer = c.Layer.(layer.Undilated).Of
	return convolution(&own)
}

func undilatedGradient(c *GradientCall) GradientBounds {
	own := *c
	own.Layer = c.Layer.(layer.Undilated).Back()
	return convolutionGradient(&own)
}
