package lower

import (
	"fmt"

	"parity/googlenet/layer"
)

// windowND reads a window over all axes of a value but the first and the last, or the second in a format with channels first. The
// second result says why it is none that the common layers have.
func (c *call) windowND(x *value, kernel, dilation string) (w layer.WindowND, why string, err error) {
	axes := x.rank() - 2
	if w.Kernel, why, err = c.along(kernel, axes); err != nil || why != "" {
		return
	}
	if w.Stride, why, err = c.along("strides", axes); err != nil || why != "" {
		return
	}
	if w.Dilation, why, err = c.along(dilation, axes); err != nil || why != "" {
		return
	}
	w.Before, w.After, why, err = c.paddingND(x, w)
	return
}

// along reads an attribute with a number for each axis, of which batch and channels must have 1; without the attribute all have.
func (c *call) along(name string, axes int) (v []int, why string, err error) {
	list, err := c.node.Ints(name)
	if err != nil {
		return nil, "", err
	}
	if len(list) == 0 {
		list = make([]int, axes+2)
		for i := range list {
			list[i] = 1
		}
	}
	if len(list) != axes+2 {
		return nil, "", c.node.Errorf("the attribute %s should have %d numbers, found %v", name, axes+2, list)
	}
	first, channels := c.spatialPlaces(axes)
	for i, n := range list {
		if n < 1 {
			return nil, "", c.node.Errorf("the attribute %s should be positive, found %v", name, list)
		}
		if (i == 0 || i == channels) && n != 1 {
			return nil, fmt.Sprintf("%s %v over batch or channels", name, list), nil
		}
	}
	return list[first : first+axes], "", nil
}

// spatialPlaces are the first of the axes that a window slides over, and that of the channels, in the node's format.
func (c *call) spatialPlaces(axes int) (first, channels int) {
	if f, err := c.node.Text("data_format", ""); err == nil && len(f) > 1 && f[1] == 'C' {
		return 2, 1
	}
	return 1, axes + 1
}

// paddingND is that of SAME for a value of known extents, or none.
func (c *call) paddingND(x *value, w layer.WindowND) (before, after []int, why string, err error) {
	text, err := c.node.Text("padding", "")
	if err != nil {
		return nil, nil, "", err
	}
	first, _ := c.spatialPlaces(len(w.Kernel))
	var extents []int
	for a := range w.Kernel {
		extents = append(extents, x.stored()[first+a])
	}
	return c.padded(text, extents, w)
}

// padded is the padding for a map of so many cells along each axis.
func (c *call) padded(text string, extents []int, w layer.WindowND) (before, after []int, why string, err error) {
	if text != "SAME" && text != "VALID" {
		return nil, nil, "", c.node.Errorf("the attribute padding should be SAME or VALID, found %q", text)
	}
	for a, n := range extents {
		b, e := 0, 0
		if text == "SAME" {
			if n < 0 && w.Stride[a] > 1 {
				return nil, nil, "its input's extents are not known", nil
			}
			one := layer.Window{Kernel: [2]int{w.Kernel[a], 1}, Stride: [2]int{w.Stride[a], 1}, Dilation: [2]int{w.Dilation[a], 1}, Padding: layer.Padding{Mode: layer.SameUpper}}
			b, _, e, _ = one.Padding.For(max(n, 1), 1, one) // with a stride of 1 any number of cells is padded alike
		}
		before, after = append(before, b), append(after, e)
	}
	return before, after, "", nil
}

// channelsFirst puts the last axis of a value behind the first, unless its format has it there.
func (c *call) channelsFirst(x *value) *value {
	if first, _ := c.spatialPlaces(x.rank() - 2); first == 2 || x.rank() == 4 {
		return c.as(x, first == 1)
	}
	order := []int{0, x.rank() - 1}
	for a := 1; a < x.rank()-1; a++ {
		order = append(order, a)
	}
	return c.between("/channels first", layer.Permute{Axes: order}, x, false, "channels behind the batch")
}

// channelsLastOrder turns a value with channels behind the batch round.
func channelsLastOrder(rank int) []int {
	order := []int{0}
	for a := 2; a < rank; a++ {
		order = append(order, a)
	}
	return append(order, 1)
}
