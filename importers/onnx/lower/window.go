package lower

import (
	"fmt"

	"parity/googlenet/layer"
)

// geometry reads the attributes that convolution and pooling share, for a kernel of one or two dimensions. One of one
// dimension slides over a map of height 1.
func (c *call) geometry(kernel []int) (w layer.Window, err error) {
	w.Kernel = plane(kernel, 1)
	if w.Stride, err = c.perAxis("strides", len(kernel)); err != nil {
		return w, err
	}
	if w.Dilation, err = c.perAxis("dilations", len(kernel)); err != nil {
		return w, err
	}
	w.Padding, err = c.padding(len(kernel))
	return w, err
}

// plane is a list of numbers for one or two dimensions as one for height and width.
func plane(list []int, height int) [2]int {
	if len(list) == 1 {
		return [2]int{height, list[0]}
	}
	return [2]int{list[0], list[1]}
}

// perAxis reads an attribute with one positive number for each dimension, by default 1.
func (c *call) perAxis(name string, n int) ([2]int, error) {
	list, err := c.node.Ints(name)
	if err != nil || len(list) == 0 {
		return [2]int{1, 1}, err
	}
	if len(list) != n {
		return [2]int{}, c.node.Errorf("the attribute %s should have %d numbers, one for each dimension of the kernel, found %v", name, n, list)
	}
	for _, v := range list {
		if v < 1 {
			return [2]int{}, c.node.Errorf("the attribute %s should be positive, found %v", name, list)
		}
	}
	return plane(list, 1), nil
}

// padding reads auto_pad and, where that leaves it to them, pads: those before all dimensions, then those after.
func (c *call) padding(n int) (layer.Padding, error) {
	mode, err := c.node.Text("auto_pad", "NOTSET")
	if err != nil {
		return layer.Padding{}, err
	}
	switch mode {
	case "NOTSET", "":
		return c.explicit(n)
	case "VALID":
		return layer.Padding{}, nil
	case "SAME_UPPER":
		return layer.Padding{Mode: layer.SameUpper}, nil
	case "SAME_LOWER":
		return layer.Padding{Mode: layer.SameLower}, nil
	}
	return layer.Padding{}, c.node.Errorf("the attribute auto_pad should be NOTSET, SAME_UPPER, SAME_LOWER or VALID, found %q", mode)
}

func (c *call) explicit(n int) (layer.Padding, error) {
	list, err := c.node.Ints("pads")
	if err != nil || len(list) == 0 {
		return layer.Padding{}, err
	}
	if len(list) != 2*n {
		return layer.Padding{}, c.node.Errorf("the attribute pads should have %d numbers, those before all dimensions and those after, found %v", 2*n, list)
	}
	before, after := plane(list[:n], 0), plane(list[n:], 0)
	p := layer.Padding{Top: before[0], Left: before[1], Bottom: after[0], Right: after[1]}
	if min(p.Top, p.Left, p.Bottom, p.Right) < 0 {
		return p, c.node.Errorf("the attribute pads should not be negative, found %v", list)
	}
	return p, nil
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
