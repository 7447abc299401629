package layer

import (
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

func (l Convolution) Backward32(g *Gradient[float32]) { convolveBackward(l, g) }
func (l Convolution) Backward64(g *Gradient[float64]) { convolveBackward(l, g) }

// convolveBackward sends every output gradient back through the terms that its output was summed from:
//
//	dx[n,c,...] = sum w dy,  dw[o,c,u,v] = sum x dy,  db[o] = sum dy
func convolveBackward[T tensor.Float](l Convolution, g *Gradient[T]) {
	p := convolutionGradient[T]{Convolution: l, Gradient: g}
	p.h, p.w = g.In[0].Shape[2], g.In[0].Shape[3]
	p.outCells = g.OutGrad[0].Shape[2:].Len()
	p.outWidth = g.OutGrad[0].Shape[3]
	p.ci, p.co = g.Params[0].Shape[1], l.Outputs/l.Groups
	p.top, p.left, _, _ = l.Padding.For(p.h, p.w, l.Window)
	if g.InGrad[0] != nil {
		parallel.For(g.Workers, g.In[0].Shape[0]*g.In[0].Shape[1], p.input)
	}
	if g.ParamGrad[0] != nil {
		parallel.For(g.Workers, l.Outputs*p.ci, p.weights)
	}
	if l.Bias && g.ParamGrad[1] != nil {
		addUp(g.OutGrad[0], 1, g.ParamGrad[1].Data)
	}
}

type convolutionGradient[T tensor.Float] struct {
	Convolution
	*Gradient[T]
	h, w, outCells, outWidth int
	ci, co                   int // input and output channels of a group
	top, left                int
}

// input computes the gradient of one input plane.
func (p convolutionGradient[T]) input(plane int) {
	channels := p.In[0].Shape[1]
	image, c := plane/channels, plane%channels
	to := p.InGrad[0].Data[plane*p.h*p.w:][:p.h*p.w]
	for o := c / p.ci * p.co; o < (c/p.ci+1)*p.co; o++ {
		kernel := p.kernel(p.Params[0], o*p.ci+c%p.ci)
		p.each(image, o, func(d T, at reach) {
			at.each(func(u, v, cell int) { to[cell] += kernel[u*p.Kernel[1]+v] * d })
		})
	}
}

// weights computes the gradient of one kernel, the plane of an output and an input channel.
func (p convolutionGradient[T]) weights(plane int) {
	o := plane / p.ci
	c := o/p.co*p.ci + plane%p.ci
	to := p.kernel(p.ParamGrad[0], plane)
	channels := p.In[0].Shape[1]
	for image := range p.In[0].Shape[0] {
		in := p.In[0].Data[(image*channels+c)*p.h*p.w:][:p.h*p.w]
		p.each(image, o, func(d T, at reach) {
			at.each(func(u, v, cell int) { to[u*p.Kernel[1]+v] += in[cell] * d })
		})
	}
}

func (p convolutionGradient[T]) kernel(t *tensor.Tensor[T], plane int) []T {
	area := p.Kernel[0] * p.Kernel[1]
	return t.Data[plane*area:][:area]
}

// each calls f with every gradient of an output plane and the window that it came through.
func (p convolutionGradient[T]) each(image, o int, f func(d T, at reach)) {
	for i, d := range p.OutGrad[0].Data[(image*p.Outputs+o)*p.outCells:][:p.outCells] {
		f(d, p.window(i/p.outWidth, i%p.outWidth, p.top, p.left, p.h, p.w))
	}
}

// addUp adds up a tensor over all axes but one.
func addUp[T tensor.Float](t *tensor.Tensor[T], axis int, sums []T) {
	inner := t.Shape[axis+1:].Len()
	for i := 0; inner > 0 && i < len(t.Data)/inner; i++ {
		var sum T
		for _, v := range t.Data[i*inner : (i+1)*inner] {
			sum += v
		}
		sums[i%len(sums)] += sum
	}
}
