package layer

import (
	"math"

	"parity/googlenet/kernel"
	"parity/googlenet/tensor"
)

func (l MaxPool) BackwardBlocked32(g *BlockedGradient[float32]) { maxPoolGradient(l, g) }
func (l MaxPool) BackwardBlocked64(g *BlockedGradient[float64]) { maxPoolGradient(l, g) }

// maxPoolGradient gives the whole gradient to the first of the largest values.
func maxPoolGradient[T tensor.Float](l MaxPool, g *BlockedGradient[T]) {
	to := g.InGrad[0]
	if to == nil {
		return
	}
	set, x := kernel.For[T](), g.In[0].Blocked(g.Workers)
	poolGradient(l.Pool, g, func(image, block, at int, _ reach, d []T, w kernel.Windows) {
		set.MaximumBackward(to.block(image, block)[at:], x.block(image, block)[at:], d, w, -math.MaxFloat32)
	})
}

func (l AveragePool) BackwardBlocked32(g *BlockedGradient[float32]) { averagePoolGradient(l, g) }
func (l AveragePool) BackwardBlocked64(g *BlockedGradient[float64]) { averagePoolGradient(l, g) }

// averagePoolGradient gives every cell of a window an equal share.
func averagePoolGradient[T tensor.Float](l AveragePool, g *BlockedGradient[T]) {
	to := g.InGrad[0]
	if to == nil {
		return
	}
	set, line := kernel.For[T](), kernel.LineOf[T]()
	_, _, _, bottom, right := l.over(to.Shape[2], to.Shape[3])
	poolGradient(l.Pool, g, func(image, block, at int, window reach, d []T, w kernel.Windows) {
		by, share, cells := T(l.divisor(window, bottom, right)), make([]T, line), to.block(image, block)[at:]
		for i := range w.Count {
			for j := range share {
				share[j] = d[i*line+j] / by
			}
			for cell := range w.Rows * w.Cells {
				set.Plus(cells[i*w.Next+cell/w.Cells*w.RowStep+cell%w.Cells*line:], share)
			}
		}
	})
}

// poolGradient clears the input's gradients and calls f for every run of windows that have cells inside the map: with where
// their first cell is in its block.
func poolGradient[T tensor.Float](p Pool, g *BlockedGradient[T], f func(image, block, at int, window reach, d []T, w kernel.Windows)) {
	to, out, line := g.InGrad[0], g.OutGrad[0].Blocked(g.Workers), kernel.LineOf[T]()
	runs := p.runs(to.Shape, out.Shape, line)
	out.each(g.Workers, func(image, block int) {
		clear(to.block(image, block))
		d := out.block(image, block)
		for _, r := range runs {
			if r.Rows > 0 {
				f(image, block, r.from, r.at, d[r.to:r.to+r.Count*line], r.Windows)
			}
		}
	})
}
