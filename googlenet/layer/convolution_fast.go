package layer

import (
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// convolve computes the formula group by group as products of matrices.
func convolve[T tensor.Float](l Convolution, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	if len(y.Data) == 0 {
		return
	}
	p := newCorrelate[T](l.Window, x.Shape[1]/l.Groups, l.Outputs/l.Groups, [2]int(x.Shape[2:]), [2]int(y.Shape[2:]))
	for g := range l.Groups {
		weights := p.weights(c.Params[0].Data[g*p.outer*p.terms:], c.Workers)
		var b []T
		if l.Bias {
			b = c.Params[1].Data[g*p.outer:][:p.outer]
		}
		bias := p.bias(b)
		eachImage(c.Workers, x.Shape[0], func(image, workers int) {
			in := x.Data[(image*l.Groups+g)*p.inner*x.Shape[2:].Len():]
			out := y.Data[(image*l.Groups+g)*p.outer*y.Shape[2:].Len():]
			p.image(in, weights, bias, out, workers)
		})
		tensor.Release(weights)
	}
}

// eachImage shares the images among the workers or, where there are few of them, the work on each.
func eachImage(workers, images int, f func(image, workers int)) {
	if images >= 2*workers {
		parallel.For(workers, images, func(image int) { f(image, 1) })
		return
	}
	for image := range images {
		f(image, workers)
	}
}

// image computes the planes of one image.
func (p *correlate[T]) image(in, weights, bias, out []T, workers int) {
	y := newBlocked[T](p.outer, p.out[0]*p.out[1])
	padded := p.open(in, workers)
	p.run(padded, weights, bias, y.data, workers, false)
	tensor.Release(padded)
	y.to(out, workers)
	y.release()
}

// open returns the padded map of the planes of an image.
func (p *correlate[T]) open(planes []T, workers int) []T {
	if !p.channelsInner {
		cells, padded := tensor.Scratch[T](p.in[0]*p.in[1]*p.pitch), tensor.Scratch[T](p.paddedLen())
		p.cells(planes, cells)
		p.frame(cells, padded)
		tensor.Release(cells)
		return padded
	}
	x := newBlocked[T](p.inner, p.in[0]*p.in[1])
	x.from(planes, workers)
	if p.wholeMap {
		return x.data
	}
	padded := tensor.Scratch[T](p.paddedLen())
	p.pad(x, padded, workers)
	x.release()
	return padded
}
