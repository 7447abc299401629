package lower

import (
	"fmt"

	"parity/googlenet/layer"
)

// geometry reads the attributes that convolution and pooling share. The second result says why the window is none that
// the common layers have; it is empty for those that are.
func (c *call) geometry(kernel [2]int) (w layer.Window, f format, why string, err error) {
	w = layer.Window{Kernel: kernel, Dilation: [2]int{1, 1}}
	if f, err = formatOf(c.node); err != nil {
		return
	}
	if f != nhwc && f != nchw {
		return w, f, "data_format " + string(f), nil
	}
	if w.Stride, why, err = c.pair("strides", f); err != nil || why != "" {
		return
	}
	w.Padding, why, err = c.padding(f)
	return w, f, why, err
}

// featureMap returns a value with the axes as an operation of that format needs them.
func (c *call) featureMap(x *value, f format) (*value, error) {
	if x = c.ranked(x, 4); x.rank() != 4 {
		return nil, c.node.Errorf("its input should have 4 dimensions, found the shape %v", x.stored())
	}
	return c.as(x, f == nhwc), nil
}

// pair reads an attribute with one number for each axis, of which batch and channels must have 1.
func (c *call) pair(name string, f format) (v [2]int, why string, err error) {
	list, err := c.listed(name)
	if err != nil {
		return v, "", err
	}
	n, ch, h, w := f.places()
	if list[n] != 1 || list[ch] != 1 {
		return v, fmt.Sprintf("%s %v over batch or channels", name, list), nil
	}
	if list[h] < 1 || list[w] < 1 {
		return v, "", c.node.Errorf("the attribute %s should be positive, found %v", name, list)
	}
	return [2]int{list[h], list[w]}, "", nil
}

// windowInputs are the places of window attributes among the inputs of operations that have them there.
var windowInputs = map[string]map[string]int{"MaxPoolV2": {"ksize": 1, "strides": 2}}

// listed reads one number for each axis, from an attribute or an input.
func (c *call) listed(name string) ([]int, error) {
	list, err := c.node.Ints(name, 1, 1, 1, 1)
	if at, ok := windowInputs[c.node.Op][name]; ok {
		if list, ok = c.integers(at); !ok {
			return nil, c.node.Errorf("its %s should be constant", name)
		}
	}
	if err == nil && len(list) != 4 {
		err = c.node.Errorf("the attribute %s should have 4 numbers, found %v", name, list)
	}
	return list, err
}

func (c *call) padding(f format) (p layer.Padding, why string, err error) {
	text, err := c.node.Text("padding", "")
	if err != nil {
		return p, "", err
	}
	switch text {
	case "VALID":
		return p, "", nil
	case "SAME":
		return layer.Padding{Mode: layer.SameUpper}, "", nil
	case "EXPLICIT":
		return c.explicit(f)
	}
	return p, "", c.node.Errorf("the attribute padding should be SAME, VALID or EXPLICIT, found %q", text)
}

// explicit reads the two numbers for each axis.
func (c *call) explicit(f format) (p layer.Padding, why string, err error) {
	list, err := c.node.Ints("explicit_paddings")
	if err != nil {
		return p, "", err
	}
	if len(list) != 8 {
		return p, "", c.node.Errorf("the attribute explicit_paddings should have 8 numbers, found %v", list)
	}
	n, ch, h, w := f.places()
	if list[2*n] != 0 || list[2*n+1] != 0 || list[2*ch] != 0 || list[2*ch+1] != 0 {
		return p, fmt.Sprintf("explicit_paddings %v over batch or channels", list), nil
	}
	p = layer.Padding{Top: list[2*h], Bottom: list[2*h+1], Left: list[2*w], Right: list[2*w+1]}
	if min(p.Top, p.Bottom, p.Left, p.Right) < 0 {
		return p, "", c.node.Errorf("the attribute explicit_paddings should not be negative, found %v", list)
	}
	return p, "", nil
}

// uneven says what SAME does to a map of known size where it does not pad evenly.
func uneven(w layer.Window, v *value) []string {
	height, width := v.extent(2), v.extent(3)
	if w.Padding.Mode != layer.SameUpper || height < 0 || width < 0 {
		return nil
	}
	top, left, bottom, right := w.Padding.For(height, width, w)
	if top == bottom && left == right {
		return nil
	}
	return []string{fmt.Sprintf("SAME pads top %d, left %d, bottom %d, right %d", top, left, bottom, right)}
}
