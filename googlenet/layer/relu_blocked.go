package layer

import (
	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// InBlocks is for the ReLU without a slope.
func (l ReLU) InBlocks(in []tensor.Shape, _ int) bool { return areMaps(in) && l.Slope == 0 }

func (l ReLU) ForwardBlocked32(c *BlockedCall[float32]) { reluBlocked(c) }
func (l ReLU) ForwardBlocked64(c *BlockedCall[float64]) { reluBlocked(c) }

func reluBlocked[T tensor.Float](c *BlockedCall[T]) {
	in, out, set := c.In[0].Blocked(c.Workers), c.Out[0], kernel.For[T]()
	eachPart(c.Workers, in.Shape[0], in.Blocks()*in.Plane(), grain, func(image, lo, hi int) {
		set.Floor(out.Image(image)[lo:hi], in.Image(image)[lo:hi])
	})
}

func (l ReLU) BackwardBlocked32(g *BlockedGradient[float32]) { reluGradient(g) }
func (l ReLU) BackwardBlocked64(g *BlockedGradient[float64]) { reluGradient(g) }

// reluGradient looks at the output, which is above zero where the input is.
func reluGradient[T tensor.Float](g *BlockedGradient[T]) {
	to, set := g.InGrad[0], kernel.For[T]()
	if to == nil {
		return
	}
	y, d := g.Out[0].Blocked(g.Workers), g.OutGrad[0].Blocked(g.Workers)
	eachPart(g.Workers, y.Shape[0], y.Blocks()*y.Plane(), grain, func(image, lo, hi int) {
		set.Gate(to.Image(image)[lo:hi], y.Image(image)[lo:hi], d.Image(image)[lo:hi])
	})
}

// eachPart calls f with parts of at most size elements of every image.
func eachPart(workers, images, n, size int, f func(image, lo, hi int)) {
	parts := (n + size - 1) / size
	parallel.For(workers, images*parts, func(i int) {
		lo := i % parts * size
		f(i/parts, lo, min(n, lo+size))
	})
}
