package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// convolutionBy has weights with errors: to what a convolution with the weights |w| + e_w is off, sum e_w |x| is added.
func convolutionBy(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.ConvolutionBy)
	return c.by(l.Of, convolution)
}

func deconvolutionBy(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.DeconvolutionBy)
	return c.by(l.Of, deconvolution)
}

// by bounds a layer that is linear in its input and in its only parameter, which is the second input.
func (c *Call) by(of layer.Layer, rule Rule) []*tensor.Tensor[float64] {
	own := *c
	own.Layer, own.In, own.Err = of, c.In[:1], c.Err[:1]
	own.Params = []*tensor.Tensor[float64]{magnitude(c.In[1], c.Err[1])}
	b := rule(&own)
	if e := c.Err[1]; e != nil {
		addScaled(b[0], 1, c.run(of, []*tensor.Tensor[float64]{abs(c.In[0])}, []*tensor.Tensor[float64]{e})[0])
	}
	return b
}

func convolutionByGradient(c *GradientCall) GradientBounds {
	return c.by(c.Layer.(layer.ConvolutionBy).Of, convolutionGradient)
}

func deconvolutionByGradient(c *GradientCall) GradientBounds {
	return c.by(c.Layer.(layer.DeconvolutionBy).Of, deconvolutionGradient)
}

// by adds, to what the gradients with the weights |w| + e_w are off, sum e_w |dy| for that of the input.
func (c *GradientCall) by(of layer.Layer, rule GradientRule) GradientBounds {
	own := *c
	own.Layer, own.InErr = of, c.InErr[:1]
	own.Gradient = &layer.Gradient[float64]{
		In: c.In[:1], Params: []*tensor.Tensor[float64]{magnitude(c.In[1], c.InErr[1])}, Out: c.Out, OutGrad: c.OutGrad,
		InGrad: c.InGrad[:1], ParamGrad: c.InGrad[1:], Workers: c.Workers,
	}
	b := rule(&own)
	if e := c.InErr[1]; e != nil && b.In[0] != nil {
		g := own.back(of, own.In, []*tensor.Tensor[float64]{e}, []*tensor.Tensor[float64]{abs(c.OutGrad[0])})
		addScaled(b.In[0], 1, g.InGrad[0])
	}
	return GradientBounds{In: append(b.In, b.Params...)}
}
