package layer

import (
	"fmt"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Pool is the geometry that max and average pooling share.
type Pool struct {
	Window
	// Global pools over the whole map, whatever its size; kernel, stride and padding are ignored.
	Global bool
	// Ceil rounds the number of windows up, so that the last one may hang over the edge.
	Ceil bool
	// Clip, with Ceil, drops a last window that would start beyond the input and its leading padding. Caffe
	// does this only where there is padding, ONNX and PyTorch always.
	Clip bool
}

// over returns the window for an h by w map, resolved for a global pool, and its leading padding.
func (p Pool) over(h, w int) (win Window, top, left, bottom, right int) {
	if p.Global {
		return Window{Kernel: [2]int{h, w}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}, 0, 0, 0, 0
	}
	top, left, bottom, right = p.Padding.For(h, w, p.Window)
	return p.Window, top, left, bottom, right
}

func (p Pool) infer(l Layer, in []tensor.Shape) ([]tensor.Shape, error) {
	n, c, h, w, err := spatial(l, in)
	if err != nil {
		return nil, err
	}
	win, top, left, bottom, right := p.over(h, w)
	if err := win.check(); err != nil {
		return nil, err
	}
	oh, ow := p.outputs(win, 0, h, top, bottom), p.outputs(win, 1, w, left, right)
	if oh < 1 || ow < 1 {
		return nil, fmt.Errorf("window %s does not fit into the %dx%d input padded by %v", pair(win.Kernel), h, w, win.Padding)
	}
	return []tensor.Shape{{n, c, oh, ow}}, nil
}

func (p Pool) outputs(win Window, axis, n, before, after int) int {
	if !p.Ceil || p.Global {
		return win.steps(axis, n, before+after)
	}
	// One window is left where a larger one does not fit but its successor would start beyond the map: it is cut off at
	// the edge.
	room := n + before + after - win.extent(axis)
	if room <= -win.Stride[axis] {
		return 0
	}
	steps := (room+win.Stride[axis]-1)/win.Stride[axis] + 1
	if p.Clip && (steps-1)*win.Stride[axis] >= n+before {
		steps--
	}
	return steps
}

func (p Pool) attributes() []Attribute {
	if p.Global {
		return []Attribute{{"kernel", "global"}}
	}
	list := p.Window.attributes()
	if p.Padding.Mode == Explicit {
		list = append(list, Attribute{"rounding", map[bool]string{true: "ceil", false: "floor"}[p.Ceil]})
	}
	return list
}

// eachWindow calls f for every window of every plane: the plane's index, the output cell, the window's reach.
func (p Pool) eachWindow(in, out tensor.Shape, workers int, f func(plane, cell int, at reach)) {
	h, w, oh, ow := in[2], in[3], out[2], out[3]
	win, top, left, _, _ := p.over(h, w)
	parallel.For(workers, in[0]*in[1], func(plane int) {
		for i := range oh * ow {
			f(plane, plane*oh*ow+i, win.window(i/ow, i%ow, top, left, h, w))
		}
	})
}

// rows calls f with the ranges of cells that the window has inside the map: one for each row, or, where the window is dilated
// along the rows, one for each cell.
func (r reach) rows(f func(lo, hi int)) {
	if r.Dilation[1] > 1 {
		r.each(func(_, _, cell int) { f(cell, cell+1) })
		return
	}
	left, right := max(r.col, 0), min(r.col+r.Kernel[1], r.w)
	if left >= right {
		return
	}
	for u := range r.Kernel[0] {
		if row := r.row + u*r.Dilation[0]; row >= 0 && row < r.h {
			f(row*r.w+left, row*r.w+right)
		}
	}
}
