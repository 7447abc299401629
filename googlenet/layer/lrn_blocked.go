package layer

import (
	"parity/googlenet/kernel"
	"parity/googlenet/tensor"
)

// InBlocks is for the power that Krizhevsky's paper has, with whole blocks of channels: what stands behind the last one must
// count as zero, however often it is normalised.
func (l LRN) InBlocks(in []tensor.Shape, line int) bool {
	return areMaps(in) && l.Beta == 0.75 && in[0][1]%line == 0 && l.Size <= line
}

func (l LRN) ForwardBlocked32(c *BlockedCall[float32]) { lrnBlocked(l, c) }
func (l LRN) ForwardBlocked64(c *BlockedCall[float64]) { lrnBlocked(l, c) }

// normalisedCells is how many cells a task normalises.
const normalisedCells = 64

func lrnBlocked[T tensor.Float](l LRN, c *BlockedCall[T]) {
	in, out, line, set := c.In[0].Blocked(c.Workers), c.Out[0], kernel.LineOf[T](), kernel.For[T]()
	cells, blocks := in.Shape[2:].Len(), in.Blocks()
	eachPart(c.Workers, in.Shape[0], cells, normalisedCells, func(image, lo, hi int) {
		set.Normalise(out.Image(image)[lo*line:], in.Image(image)[lo*line:], hi-lo, blocks, in.Plane(), (l.Size-1)/2, l.Size, T(l.Alpha), T(l.K))
	})
}

func (l LRN) BackwardBlocked32(g *BlockedGradient[float32]) { lrnGradient(l, g) }
func (l LRN) BackwardBlocked64(g *BlockedGradient[float64]) { lrnGradient(l, g) }

func lrnGradient[T tensor.Float](l LRN, g *BlockedGradient[T]) {
	to := g.InGrad[0]
	if to == nil {
		return
	}
	x, d, line, set := g.In[0].Blocked(g.Workers), g.OutGrad[0].Blocked(g.Workers), kernel.LineOf[T](), kernel.For[T]()
	eachPart(g.Workers, x.Shape[0], x.Shape[2:].Len(), normalisedCells, func(image, lo, hi int) {
		set.NormaliseBackward(to.Image(image)[lo*line:], x.Image(image)[lo*line:], d.Image(image)[lo*line:], hi-lo, x.Blocks(), x.Plane(),
			(l.Size-1)/2, l.Size, T(l.Alpha), T(l.K))
	})
}
