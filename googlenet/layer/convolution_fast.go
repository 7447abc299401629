package layer

import (
	"unsafe"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// InBlocks is for convolutions of one group: the channels of several would have to begin with a block.
func (l Convolution) InBlocks(in []tensor.Shape, _ int) bool { return l.Groups == 1 && areMaps(in) }

func (l Convolution) ForwardBlocked32(c *BlockedCall[float32]) { convolveBlocked(l, c) }
func (l Convolution) ForwardBlocked64(c *BlockedCall[float64]) { convolveBlocked(l, c) }

// convolve computes the formula group by group.
func convolve[T tensor.Float](l Convolution, c *Call[T]) {
	if len(c.Out[0].Data) == 0 {
		return
	}
	if l.Groups == 1 {
		asBlocked(c, func(c *BlockedCall[T]) { convolveBlocked(l, c) })
		return
	}
	one := l
	one.Groups, one.Outputs = 1, l.Outputs/l.Groups
	for g := range l.Groups {
		part := &Call[T]{Workers: c.Workers}
		part.In = []*tensor.Tensor[T]{channelsOf(c.In[0], g, l.Groups)}
		for _, p := range c.Params {
			part.Params = append(part.Params, tensor.From(p.Data[g*len(p.Data)/l.Groups:][:len(p.Data)/l.Groups], append(tensor.Shape{one.Outputs}, p.Shape[1:]...)...))
		}
		part.Out = []*tensor.Tensor[T]{channelsOf(c.Out[0], g, l.Groups)}
		convolve(one, part)
		putChannels(c.Out[0], part.Out[0], g, l.Groups)
	}
}

// channelsOf copies the channels of a group.
func channelsOf[T tensor.Float](t *tensor.Tensor[T], g, groups int) *tensor.Tensor[T] {
	shape := t.Shape.Clone()
	shape[1] /= groups
	part, size := tensor.New[T](shape...), shape[1:].Len()
	for image := range shape[0] {
		copy(part.Data[image*size:(image+1)*size], t.Data[(image*groups+g)*size:])
	}
	return part
}

// putChannels writes them back.
func putChannels[T tensor.Float](t, part *tensor.Tensor[T], g, groups int) {
	size := part.Shape[1:].Len()
	for image := range part.Shape[0] {
		copy(t.Data[(image*groups+g)*size:], part.Data[image*size:(image+1)*size])
	}
}

// convolveBlocked computes the formula as products of matrices, image by image.
func convolveBlocked[T tensor.Float](l Convolution, c *BlockedCall[T]) {
	in, y := c.In[0].Shape(), c.Out[0]
	p := newCorrelate[T](l.Window, in[1], l.Outputs, [2]int(in[2:]), [2]int(y.Shape[2:]))
	weights, done := p.packed(c)
	defer done()
	var b []T
	if l.Bias {
		b = c.Params[1].Data
	}
	bias := p.bias(b)
	images := p.images(c.In[0], c.Workers)
	eachImage(c.Workers, in[0], func(image, workers int) {
		padded, done := images(image, workers)
		p.run(padded, weights, bias, y.Image(image), workers, c.Floor)
		done()
	})
}

// packed returns the weights as the products read them, and what to do when they are not needed any more.
func (p *correlate[T]) packed(c *BlockedCall[T]) (weights []T, done func()) {
	w := c.Params[0].Data
	if c.Packed == nil {
		weights = p.weights(w, c.Workers)
		return weights, func() { tensor.Release(weights) }
	}
	key := packedKey{unsafe.Pointer(&w[0]), p.window.Kernel, p.pitch}
	return get(c.Packed, key, func() []T { return p.weights(w, c.Workers) }), func() {}
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

// images returns what makes the padded maps of an image.
func (p *correlate[T]) images(x *Maps[T], workers int) func(image, workers int) (padded []T, done func()) {
	if !p.channelsInner {
		plain := x.Plain(workers)
		return func(image, _ int) ([]T, func()) {
			return p.interleaved(plain.Data[image*plain.Shape[1:].Len():])
		}
	}
	maps := x.Blocked(workers)
	return func(image, workers int) ([]T, func()) {
		if p.wholeMap {
			return maps.Image(image), func() {}
		}
		padded, size := tensor.Scratch[T](p.paddedLen()), p.padded[0]*p.padded[1]*p.pitch
		parallel.For(workers, maps.Blocks(), func(i int) { p.frame(maps.block(image, i), padded[i*size:][:size]) })
		return padded, func() { tensor.Release(padded) }
	}
}

// interleaved makes the padded map of few channels, which are side by side in each cell.
func (p *correlate[T]) interleaved(planes []T) ([]T, func()) {
	cells, padded := tensor.Scratch[T](p.in[0]*p.in[1]*p.pitch), tensor.Scratch[T](p.paddedLen())
	p.cells(planes, cells)
	p.frame(cells, padded)
	tensor.Release(cells)
	return padded, func() { tensor.Release(padded) }
}
