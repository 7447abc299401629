package layer

import "fmt"

// PadMode says how a window's padding is found.
type PadMode int

const (
	// Explicit padding is given by its four sides; all zero is what TensorFlow calls VALID.
	Explicit PadMode = iota
	// SameUpper pads so that the output has ceil(input/stride) cells, an odd cell going after (TensorFlow's
	// SAME, ONNX' SAME_UPPER).
	SameUpper
	// SameLower is SameUpper with the odd cell before.
	SameLower
)

// Padding is what is added around a feature map before a window slides over it.
type Padding struct {
	Mode                     PadMode
	Top, Left, Bottom, Right int // with Explicit
}

// Symmetric is explicit padding of h rows above and below and w columns on either side, as Caffe has it.
func Symmetric(h, w int) Padding { return Padding{Top: h, Left: w, Bottom: h, Right: w} }

// For returns the padding on the four sides of an h by w map.
func (p Padding) For(h, w int, win Window) (top, left, bottom, right int) {
	if p.Mode == Explicit {
		return p.Top, p.Left, p.Bottom, p.Right
	}
	top, bottom = p.axis(h, win.extent(0), win.Stride[0])
	left, right = p.axis(w, win.extent(1), win.Stride[1])
	return
}

// axis is TensorFlow's rule: total = max((ceil(n/s)-1) s + k - n, 0), half of it (rounded down) before.
func (p Padding) axis(n, kernel, stride int) (before, after int) {
	total := max(((n+stride-1)/stride-1)*stride+kernel-n, 0)
	before, after = total/2, total-total/2
	if p.Mode == SameLower {
		before, after = after, before
	}
	return
}

// String writes the padding as a person would: "SAME", "VALID", "3" or "top 2, left 2, bottom 3, right 3".
func (p Padding) String() string {
	switch {
	case p.Mode == SameUpper:
		return "SAME"
	case p.Mode == SameLower:
		return "SAME_LOWER"
	case p == Padding{}:
		return "none"
	case p == Symmetric(p.Top, p.Top):
		return fmt.Sprint(p.Top)
	case p == Symmetric(p.Top, p.Left):
		return fmt.Sprintf("%d rows, %d columns", p.Top, p.Left)
	}
	return fmt.Sprintf("top %d, left %d, bottom %d, right %d", p.Top, p.Left, p.Bottom, p.Right)
}

// Window is the geometry of a sliding window: convolution and pooling. Entries are for height and width.
type Window struct {
	Kernel, Stride, Dilation [2]int
	Padding                  Padding
}

// extent is the reach of the dilated kernel along one axis.
func (w Window) extent(axis int) int { return (w.Kernel[axis]-1)*w.Dilation[axis] + 1 }

// MostAtACell is the largest number of window positions that reach one cell of the map.
func (w Window) MostAtACell() int {
	return WindowND{Kernel: w.Kernel[:], Stride: w.Stride[:], Dilation: w.Dilation[:]}.MostAtACell()
}

// check reports a window that no framework accepts.
func (w Window) check() error {
	for axis, name := range []string{"height", "width"} {
		if w.Kernel[axis] < 1 || w.Stride[axis] < 1 || w.Dilation[axis] < 1 {
			return fmt.Errorf("kernel %d, stride %d and dilation %d along the %s must all be positive",
				w.Kernel[axis], w.Stride[axis], w.Dilation[axis], name)
		}
	}
	p := w.Padding
	if min(p.Top, p.Left, p.Bottom, p.Right) < 0 {
		return fmt.Errorf("padding %v must not be negative", p)
	}
	return nil
}

// steps returns the number of window positions along an axis of n cells padded to n + pad: rounded down.
func (w Window) steps(axis, n, pad int) int {
	room := n + pad - w.extent(axis)
	if room < 0 {
		return 0
	}
	return room/w.Stride[axis] + 1
}

func (w Window) attributes() []Attribute {
	list := []Attribute{{"kernel", pair(w.Kernel)}, {"stride", pair(w.Stride)}, {"padding", w.Padding.String()}}
	if w.Dilation != [2]int{1, 1} {
		list = append(list, Attribute{"dilation", pair(w.Dilation)})
	}
	return list
}

func pair(v [2]int) string { return fmt.Sprintf("%dx%d", v[0], v[1]) }
