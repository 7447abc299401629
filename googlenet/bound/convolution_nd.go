package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// convolutionND: see dotProducts.
func convolutionND(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.ConvolutionND)
	l.Bias = false
	return c.dotProducts(l, l.Axis, c.Params[0].Shape[1:].Len())
}

// convolutionNDGradient: as that of Convolution.
func convolutionNDGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.ConvolutionND)
	cells := len(c.OutGrad[0].Data) / l.Outputs
	return c.products(l, l.Outputs/l.Groups*c.Params[0].Shape[2:].Len(), []int{cells, cells})
}
