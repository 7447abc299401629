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

func lrnBlocked[T tensor.Float](l LRN, c *BlockedCall[T]) {
	in, out, line, set := c.In[0].Blocked(c.Workers), c.Out[0], kernel.LineOf[T](), kernel.For[T]()
	cells, blocks := in.Shape[2:].Len(), in.Blocks()
	const run = 64 // cells
	eachPart(c.Workers, in.Shape[0], cells, run, func(image, lo, hi int) {
		set.Normalise(out.Image(image)[lo*line:], in.Image(image)[lo*line:], hi-lo, blocks, in.Plane(), (l.Size-1)/2, l.Size, T(l.Alpha), T(l.K))
	})
}
