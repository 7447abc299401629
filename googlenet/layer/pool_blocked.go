package layer

import (
	"math"

	"parity/googlenet/kernel"
	"parity/googlenet/tensor"
)

// InBlocks is for pools without a second output or gaps in the window.
func (l MaxPool) InBlocks(in []tensor.Shape, _ int) bool { return !l.Mask && l.Pool.inBlocks(in) }

// InBlocks is for windows without gaps.
func (l AveragePool) InBlocks(in []tensor.Shape, _ int) bool { return l.Pool.inBlocks(in) }

func (p Pool) inBlocks(in []tensor.Shape) bool {
	return areMaps(in) && (p.Global || p.Dilation == [2]int{1, 1})
}

func (l MaxPool) ForwardBlocked32(c *BlockedCall[float32]) { maxPoolBlocked(l, c) }
func (l MaxPool) ForwardBlocked64(c *BlockedCall[float64]) { maxPoolBlocked(l, c) }

func maxPoolBlocked[T tensor.Float](l MaxPool, c *BlockedCall[T]) {
	set, lowest := kernel.For[T](), T(-math.MaxFloat32)
	eachRun(l.Pool, c, func(_ reach, dst, src []T, w kernel.Windows) {
		if w.Rows == 0 {
			fill(dst, lowest)
			return
		}
		set.Maximum(dst, src, w, lowest)
	})
}

func (l AveragePool) ForwardBlocked32(c *BlockedCall[float32]) { averagePoolBlocked(l, c) }
func (l AveragePool) ForwardBlocked64(c *BlockedCall[float64]) { averagePoolBlocked(l, c) }

func averagePoolBlocked[T tensor.Float](l AveragePool, c *BlockedCall[T]) {
	set, in := kernel.For[T](), c.In[0].Shape()
	_, _, _, bottom, right := l.over(in[2], in[3])
	eachRun(l.Pool, c, func(at reach, dst, src []T, w kernel.Windows) {
		by := l.divisor(at, bottom, right)
		if w.Rows == 0 {
			fill(dst, 0/T(by))
			return
		}
		set.Mean(dst, src, w, T(by))
	})
}

func fill[T any](s []T, v T) {
	for i := range s {
		s[i] = v
	}
}

// eachRun calls f with runs of windows in a row of a block: those that lie within the map's columns together, the others one
// by one. A window without a cell inside has no rows.
func eachRun[T tensor.Float](p Pool, c *BlockedCall[T], f func(at reach, dst, src []T, w kernel.Windows)) {
	in, out, line := c.In[0].Blocked(c.Workers), c.Out[0], kernel.LineOf[T]()
	h, wd, oh, ow := in.Shape[2], in.Shape[3], out.Shape[2], out.Shape[3]
	win, top, left, _, _ := p.over(h, wd)
	// Windows [first, last) lie within the columns.
	first := min(ow, (left+win.Stride[1]-1)/win.Stride[1])
	last := max(first, min(ow, (wd+left-win.Kernel[1]+win.Stride[1])/win.Stride[1]))
	if wd+left < win.Kernel[1] {
		last = first
	}
	out.each(c.Workers, func(image, block int) {
		from, to := in.block(image, block), out.block(image, block)
		for i := range oh {
			for j := 0; j < ow; {
				n := 1
				if j == first && last > first {
					n = last - first
				}
				at := win.window(i, j, top, left, h, wd)
				rows, cells := at.clip(0, h), at.clip(1, wd)
				w := kernel.Windows{Count: n, Next: win.Stride[1] * line, Rows: rows.n, RowStep: wd * line, Cells: cells.n}
				if cells.n == 0 || rows.n == 0 {
					w.Rows = 0
				}
				f(at, to[(i*ow+j)*line:][:n*line], from[min((rows.first*wd+cells.first)*line, len(from)):], w)
				j += n
			}
		}
	})
}

// clipped is the part of a window that lies inside the map along an axis.
type clipped struct{ first, n int }

func (r reach) clip(axis, extent int) clipped {
	from := r.row
	if axis == 1 {
		from = r.col
	}
	lo, hi := max(from, 0), min(from+r.Kernel[axis], extent)
	return clipped{lo, max(hi-lo, 0)}
}
