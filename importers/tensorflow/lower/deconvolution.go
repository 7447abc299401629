package lower

import (
	"parity/googlenet/layer"
)

// deconvolution is Conv2DBackpropInput, the gradient of a convolution, which networks use as a transposed convolution. Its
// inputs are the shape of its output, the filter of the convolution from there, and the data.
func deconvolution(c *call) error {
	f, ok := c.filter(1)
	if !ok {
		return c.unknown("its filter's shape is not known")
	}
	f.outputs, f.inputs, f.transform = f.shape[3], f.shape[2], "weights HWIO to OIHW"
	return c.deconvolve(f, func(channels int) (int, error) {
		if f.inputs == 0 || channels%f.inputs != 0 {
			return 0, c.node.Errorf("its filter %v does not give %d channels", f.shape, channels)
		}
		return channels / f.inputs, nil
	})
}

// depthwiseBack is DepthwiseConv2dNativeBackpropInput.
func depthwiseBack(c *call) error {
	f, ok := c.filter(1)
	if !ok {
		return c.unknown("its filter's shape is not known")
	}
	return c.deconvolve(f.depthwise(), func(int) (int, error) { return f.shape[2], nil })
}

func (c *call) deconvolve(f filter, groups func(channels int) (int, error)) error {
	if len(c.in) != 3 {
		return c.node.Errorf("it takes a shape, a filter and a value, found %d inputs", len(c.in))
	}
	x, ok := c.operand(2)
	if !ok {
		return c.unknown("its input is not known")
	}
	window, order, why, err := c.filterWindow(f)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	if x, err = c.featureMap(x, order); err != nil {
		return err
	}
	size, channels, known, err := c.outputSize(f, order)
	if err != nil || !known {
		return c.unlessErr(err, "the shape of its output is not known")
	}
	if err := c.sameBatch(x); err != nil {
		return err
	}
	g, err := groups(channels)
	if err != nil {
		return err
	}
	l := layer.Deconvolution{Window: window, Outputs: channels, Groups: g}
	if x.extent(2) < 0 || x.extent(3) < 0 {
		return c.unknown("its input's extents are not known")
	}
	for a, name := range []string{"height", "width"} {
		if n := positions(window, a, size); n != x.extent(2+a) {
			return c.node.Errorf("an output of %s %d belongs to an input of %d, found %d", name, size[a], n, x.extent(2+a))
		}
	}
	l.Padding, l.Extra = given(window, size, [2]int{x.extent(2), x.extent(3)})
	return c.emitFiltered(f, x, order, l, layer.DeconvolutionBy{Of: l}, nil)
}

// outputSize reads the first input: the extents of the output, or its height and width alone.
func (c *call) outputSize(f filter, order format) (size [2]int, channels int, known bool, err error) {
	list, ok := c.integers(0)
	if !ok {
		return size, 0, false, nil
	}
	channels = f.shape[2]
	switch len(list) {
	case 2:
		size = [2]int{list[0], list[1]}
	case 4:
		_, ch, h, w := order.places()
		size, channels = [2]int{list[h], list[w]}, list[ch]
	default:
		return size, 0, false, c.node.Errorf("the shape of its output should have 4 extents, found %v", list)
	}
	if size[0] == unknownExtent || size[1] == unknownExtent || channels == unknownExtent {
		return size, 0, false, nil
	}
	if min(size[0], size[1], channels) < 1 {
		return size, 0, false, c.node.Errorf("the shape of its output should be positive, found %v", list)
	}
	return size, channels, true, nil
}

// sameBatch compares the batch that the first input states with that of the data.
func (c *call) sameBatch(x *value) error {
	list, _ := c.integers(0)
	if len(list) >= 4 && list[0] >= 0 && x.extent(0) >= 0 && list[0] != x.extent(0) {
		return c.node.Errorf("the shape of its output %v has a batch of %d, its input one of %d", list, list[0], x.extent(0))
	}
	return nil
}

// positions is how many places the window has over the output along an axis.
func positions(w layer.Window, axis int, size [2]int) int {
	top, left, bottom, right := w.Padding.For(size[0], size[1], w)
	room := size[axis] + [2]int{top + bottom, left + right}[axis] - reach(w, axis)
	if room < 0 {
		return 0
	}
	return room/w.Stride[axis] + 1
}

func reach(w layer.Window, axis int) int { return (w.Kernel[axis]-1)*w.Dilation[axis] + 1 }

// given states the padding for an output of a known size, and the cells at its end that an input of n cells does not make by
// itself.
func given(w layer.Window, size, n [2]int) (p layer.Padding, extra [2]int) {
	p.Top, p.Left, p.Bottom, p.Right = w.Padding.For(size[0], size[1], w)
	for a, pad := range [2]int{p.Top + p.Bottom, p.Left + p.Right} {
		extra[a] = size[a] - (w.Stride[a]*(n[a]-1) + reach(w, a) - pad)
	}
	return p, extra
}
