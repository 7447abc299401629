package lower

import (
	"fmt"
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// geometry reads the attributes that convolution and pooling share, for a kernel of one or two dimensions. One of one
// dimension slides over a map of height 1.
func (c *call) geometry(kernel []int) (layer.Window, error) {
	nd, err := c.geometryND(kernel)
	if err != nil {
		return layer.Window{}, err
	}
	w := layer.Window{Kernel: plane(kernel, 1), Stride: plane(nd.Stride, 1), Dilation: plane(nd.Dilation, 1)}
	if w.Padding.Mode, err = c.padMode(); err != nil || w.Padding.Mode != layer.Explicit {
		return w, err
	}
	before, after := plane(nd.Before, 0), plane(nd.After, 0)
	w.Padding = layer.Padding{Top: before[0], Left: before[1], Bottom: after[0], Right: after[1]}
	return w, nil
}

// geometryND reads the same for any number of dimensions, but for auto_pad.
func (c *call) geometryND(kernel []int) (w layer.WindowND, err error) {
	w.Kernel = kernel
	if w.Stride, err = c.perAxis("strides", len(kernel), 1, 1); err != nil {
		return w, err
	}
	if w.Dilation, err = c.perAxis("dilations", len(kernel), 1, 1); err != nil {
		return w, err
	}
	w.Before, w.After, err = c.explicit(len(kernel))
	return w, err
}

// plane is a list of numbers for one or two dimensions as one for height and width.
func plane(list []int, height int) [2]int {
	if len(list) == 1 {
		return [2]int{height, list[0]}
	}
	return [2]int{list[0], list[1]}
}

// perAxis reads an attribute with one number for each dimension, which has a default and a least value.
func (c *call) perAxis(name string, n, fallback, least int) ([]int, error) {
	list, err := c.node.Ints(name)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		for range n {
			list = append(list, fallback)
		}
	}
	if len(list) != n {
		return nil, c.node.Errorf("the attribute %s should have %d numbers, one for each dimension of the kernel, found %v", name, n, list)
	}
	for _, v := range list {
		if v < least {
			return nil, c.node.Errorf("the attribute %s should be %s, found %v", name, map[int]string{0: "no less than 0", 1: "positive"}[least], list)
		}
	}
	return list, nil
}

// padMode reads auto_pad.
func (c *call) padMode() (layer.PadMode, error) {
	mode, err := c.node.Text("auto_pad", "NOTSET")
	if err != nil {
		return 0, err
	}
	switch mode {
	case "NOTSET", "", "VALID":
		return layer.Explicit, nil
	case "SAME_UPPER":
		return layer.SameUpper, nil
	case "SAME_LOWER":
		return layer.SameLower, nil
	}
	return 0, c.node.Errorf("the attribute auto_pad should be NOTSET, SAME_UPPER, SAME_LOWER or VALID, found %q", mode)
}

// explicit reads pads, where auto_pad leaves it to them: those before all dimensions, then those after.
func (c *call) explicit(n int) (before, after []int, err error) {
	mode, err := c.node.Text("auto_pad", "NOTSET")
	if err != nil {
		return nil, nil, err
	}
	list, err := c.node.Ints("pads")
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 || mode != "NOTSET" && mode != "" {
		return make([]int, n), make([]int, n), nil
	}
	if len(list) != 2*n {
		return nil, nil, c.node.Errorf("the attribute pads should have %d numbers, those before all dimensions and those after, found %v", 2*n, list)
	}
	if slices.Min(list) < 0 {
		return nil, nil, c.node.Errorf("the attribute pads should not be negative, found %v", list)
	}
	return list[:n], list[n:], nil
}

// resolved is the window over a map of known extents, with the padding that auto_pad asks for.
func (c *call) resolved(w layer.WindowND, extents tensor.Shape) (layer.WindowND, bool, error) {
	mode, err := c.padMode()
	if err != nil || mode == layer.Explicit {
		return w, err == nil, err
	}
	if !known(extents) {
		return w, false, nil
	}
	for i, n := range extents {
		total := max(((n+w.Stride[i]-1)/w.Stride[i]-1)*w.Stride[i]+(w.Kernel[i]-1)*w.Dilation[i]+1-n, 0)
		w.Before[i], w.After[i] = halves(total, mode)
	}
	return w, true, nil
}

// halves splits padding: an odd cell goes after the map, or before it with SameLower.
func halves(total int, mode layer.PadMode) (before, after int) {
	if mode == layer.SameLower {
		return total - total/2, total / 2
	}
	return total / 2, total - total/2
}

// emitPlanar emits a layer that works on feature maps. Data of one dimension become maps of height 1 before it, and are
// turned back behind it.
func (c *call) emitPlanar(o one) error {
	x := o.in[0]
	if x.rank() != 3 {
		return c.emit(o)
	}
	maps := c.between("/maps", one{layer: layer.Reshape{Shape: []int{0, 0, 1, -1}}, in: []*value{x}, transforms: []string{"rows as maps of height 1"}})
	o.in = []*value{maps}
	y := c.between("/planar", o)
	return c.emit(one{layer: layer.Reshape{Shape: []int{0, 0, -1}}, in: []*value{y}, transforms: []string{"maps of height 1 as rows"}})
}

// spatialDimensions is how many dimensions a map has that are slid over, if there are layers for it.
func spatialDimensions(rank int) (int, bool) { return rank - 2, rank == 3 || rank == 4 }

// uneven says what SAME does to a map of known size where it does not pad evenly.
func uneven(w layer.Window, x *value) []string {
	height, width := extents(x)
	if w.Padding.Mode == layer.Explicit || height < 0 || width < 0 {
		return nil
	}
	top, left, bottom, right := w.Padding.For(height, width, w)
	if top == bottom && left == right {
		return nil
	}
	return []string{fmt.Sprintf("auto_pad %v pads top %d, left %d, bottom %d, right %d", map[layer.PadMode]string{layer.SameUpper: "SAME_UPPER", layer.SameLower: "SAME_LOWER"}[w.Padding.Mode],
		top, left, bottom, right)}
}

// extents are height and width, -1 if unknown.
func extents(x *value) (height, width int) {
	if x.rank() == 3 {
		return 1, x.extent(2)
	}
	return x.extent(2), x.extent(3)
}
