package layer

import "parity/googlenet/tensor"

// InBlocks is for channels whose seams lie between blocks.
func (l Concat) InBlocks(in []tensor.Shape, line int) bool {
	if !areMaps(in) || l.Axis != 1 {
		return false
	}
	for _, s := range in[:len(in)-1] {
		if s[1]%line != 0 {
			return false
		}
	}
	return true
}

func (l Concat) ForwardBlocked32(c *BlockedCall[float32]) { concatBlocked(c) }
func (l Concat) ForwardBlocked64(c *BlockedCall[float64]) { concatBlocked(c) }

// concatBlocked copies what was not written to its place in the output in the first place.
func concatBlocked[T tensor.Float](c *BlockedCall[T]) {
	first := 0
	for _, m := range c.In {
		in := m.Blocked(c.Workers)
		to := c.Out[0].Channels(first, in.Shape[1])
		first += in.Shape[1]
		if &to.Data[0] == &in.Data[0] {
			continue
		}
		eachPart(c.Workers, in.Shape[0], in.Blocks()*in.Plane(), grain, func(image, lo, hi int) {
			copy(to.Image(image)[lo:hi], in.Image(image)[lo:hi])
		})
	}
}

func (l Concat) BackwardBlocked32(g *BlockedGradient[float32]) { concatGradient(g) }
func (l Concat) BackwardBlocked64(g *BlockedGradient[float64]) { concatGradient(g) }

// concatGradient copies what is not a view of the output's gradient in the first place.
func concatGradient[T tensor.Float](g *BlockedGradient[T]) {
	d, first := g.OutGrad[0].Blocked(g.Workers), 0
	for i, to := range g.InGrad {
		channels := g.In[i].Shape()[1]
		from := d.Channels(first, channels)
		first += channels
		if to == nil || &to.Data[0] == &from.Data[0] {
			continue
		}
		eachPart(g.Workers, to.Shape[0], to.Blocks()*to.Plane(), grain, func(image, lo, hi int) {
			copy(to.Image(image)[lo:hi], from.Image(image)[lo:hi])
		})
	}
}
