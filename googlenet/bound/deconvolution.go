package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// deconvolution: a cell of the output is a dot product over the input channels of its group and the cells of the kernel
// through which inputs reach it. Caffe adds up the channels first, then the cells, and the bias last, which is one order
// of the sum.
func deconvolution(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.Deconvolution)
	l.Bias = false
	return c.dotProducts(l, 1, c.In[0].Shape[1]/l.Groups*l.ND(c.In[0].Shape).MostAtACell())
}

func deconvolutionND(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.DeconvolutionND)
	l.Bias = false
	return c.dotProducts(l, l.Axis, c.In[0].Shape[l.Axis]/l.Groups*l.MostAtACell())
}

// deconvolutionGradient: the gradient of an input is a convolution, that of a weight a sum over all images and inputs of a
// channel, that of a bias one over all images and outputs of a channel.
func deconvolutionGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Deconvolution)
	return c.transposed(l.ND(c.In[0].Shape), l)
}

func deconvolutionNDGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.DeconvolutionND)
	return c.transposed(l, l)
}

func (c *GradientCall) transposed(l layer.DeconvolutionND, of layer.Layer) GradientBounds {
	inputs, outputs := len(c.In[0].Data)/c.In[0].Shape[l.Axis], len(c.OutGrad[0].Data)/l.Outputs
	return c.products(of, l.Outputs/l.Groups*c.Params[0].Shape[2:].Len(), []int{inputs, outputs})
}
