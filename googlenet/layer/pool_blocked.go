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

// windowRun is some windows in a row of a map: where they are on the way from the input to the output of a block, and the reach of
// the first. A window without a cell inside the map has no rows.
type windowRun struct {
	kernel.Windows
	from, to int
	at       reach
}

// runs lists the windows of a map: those that lie within the map's columns together, the others one by one.
func (p Pool) runs(in, out tensor.Shape, line int) []windowRun {
	h, wd, oh, ow := in[2], in[3], out[2], out[3]
	win, top, left, _, _ := p.over(h, wd)
	first := min(ow, (left+win.Stride[1]-1)/win.Stride[1])
	last := first // of the windows that lie within the columns
	if room := wd + left - win.Kernel[1]; room >= 0 {
		last = max(first, min(ow, room/win.Stride[1]+1))
	}
	var list []windowRun
	for i := range oh {
		for j := 0; j < ow; {
			n := 1
			if j == first && last > first {
				n = last - first
			}
			at := win.window(i, j, top, left, h, wd)
			rows, cells := at.clip(0, h), at.clip(1, wd)
			r := windowRun{kernel.Windows{Count: n, Next: win.Stride[1] * line, Rows: rows.n, RowStep: wd * line, Cells: cells.n}, 0, (i*ow + j) * line, at}
			if cells.n == 0 || rows.n == 0 {
				r.Rows = 0
			} else {
				r.from = (rows.first*wd + cells.first) * line
			}
			list = append(list, r)
			j += n
		}
	}
	return list
}

// eachRun calls f with the runs of every block.
func eachRun[T tensor.Float](p Pool, c *BlockedCall[T], f func(at reach, dst, src []T, w kernel.Windows)) {
	in, out, line := c.In[0].Blocked(c.Workers), c.Out[0], kernel.LineOf[T]()
	runs := p.runs(in.Shape, out.Shape, line)
	out.each(c.Workers, func(image, block int) {
		from, to := in.block(image, block), out.block(image, block)
		for _, r := range runs {
			f(r.at, to[r.to:r.to+r.Count*line], from[r.from:], r.Windows)
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
