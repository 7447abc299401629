package layer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parity/googlenet/tensor"
)

// WindowND is the geometry of a window that slides over any number of axes: Window for other numbers than two. All
// lists have an entry for each axis.
type WindowND struct {
	Kernel, Stride, Dilation []int
	Before, After            []int // the padding at either end
}

// nd is the window with its padding resolved for an h by w map.
func (w Window) nd(h, wd int) WindowND {
	top, left, bottom, right := w.Padding.For(h, wd, w)
	return WindowND{Kernel: w.Kernel[:], Stride: w.Stride[:], Dilation: w.Dilation[:], Before: []int{top, left}, After: []int{bottom, right}}
}

// check reports a window that does not fit a number of axes or that no framework accepts.
func (w WindowND) check(axes int) error {
	for _, list := range [][]int{w.Kernel, w.Stride, w.Dilation, w.Before, w.After} {
		if len(list) != axes {
			return fmt.Errorf("a window over %d axes does not fit %d", len(list), axes)
		}
	}
	for a := range axes {
		if w.Kernel[a] < 1 || w.Stride[a] < 1 || w.Dilation[a] < 1 {
			return fmt.Errorf("kernel %d, stride %d and dilation %d along spatial axis %d must all be positive", w.Kernel[a], w.Stride[a], w.Dilation[a], a)
		}
		if w.Before[a] < 0 || w.After[a] < 0 {
			return fmt.Errorf("padding %d and %d along spatial axis %d must not be negative", w.Before[a], w.After[a], a)
		}
	}
	return nil
}

// extent is the reach of the dilated kernel along one axis.
func (w WindowND) extent(axis int) int { return (w.Kernel[axis]-1)*w.Dilation[axis] + 1 }

// taps is the number of the kernel's cells.
func (w WindowND) taps() int { return tensor.Shape(w.Kernel).Len() }

// MostAtACell is the largest number of window positions, each through another cell of the kernel, that reach one cell of
// the map: along an axis, every s/gcd(s,d)-th cell of the kernel.
func (w WindowND) MostAtACell() int {
	n := 1
	for a, k := range w.Kernel {
		step := w.Stride[a] / gcd(w.Stride[a], w.Dilation[a])
		n *= (k + step - 1) / step
	}
	return n
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// positions returns the number of positions along each axis of a map.
func (w WindowND) positions(in tensor.Shape) (tensor.Shape, error) {
	out := make(tensor.Shape, len(in))
	for a, n := range in {
		room := n + w.Before[a] + w.After[a] - w.extent(a)
		if room < 0 {
			return nil, fmt.Errorf("kernel %s does not fit into the %v input padded by %v before and %v after", times(w.Kernel), in, w.Before, w.After)
		}
		out[a] = room/w.Stride[a] + 1
	}
	return out, nil
}

// reach writes, for the window's position with a flat offset among positions, the flat offset in a map of every cell of
// the kernel, -1 for those outside, into a slice of taps elements.
func (w WindowND) reach(position int, positions, in tensor.Shape, to []int) {
	index := positions.Index(position)
	n := 1
	to[0] = 0
	for a, extent := range in {
		first := index[a]*w.Stride[a] - w.Before[a]
		for i := n - 1; i >= 0; i-- { // from the last on, so that none is overwritten before it is read
			outer := to[i]
			for k := range w.Kernel[a] {
				at := first + k*w.Dilation[a]
				if outer < 0 || at < 0 || at >= extent {
					to[i*w.Kernel[a]+k] = -1
				} else {
					to[i*w.Kernel[a]+k] = outer*extent + at
				}
			}
		}
		n *= w.Kernel[a]
	}
}

func (w WindowND) attributes() []Attribute {
	list := []Attribute{{"kernel", times(w.Kernel)}, {"stride", times(w.Stride)}, {"padding", w.padding()}}
	if !all(w.Dilation, 1) {
		list = append(list, Attribute{"dilation", times(w.Dilation)})
	}
	return list
}

func (w WindowND) padding() string {
	switch {
	case all(w.Before, 0) && all(w.After, 0):
		return "none"
	case slices.Equal(w.Before, w.After):
		return times(w.Before)
	}
	return fmt.Sprintf("before %v, after %v", w.Before, w.After)
}

func all(list []int, v int) bool {
	for _, x := range list {
		if x != v {
			return false
		}
	}
	return true
}

// times writes extents as in 3x5x7.
func times(list []int) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = strconv.Itoa(v)
	}
	return strings.Join(parts, "x")
}
