package lower

import (
	"fmt"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// maxPool takes the largest value of every window. A second output says where in the whole tensor it is, counted in the order that
// storage_order says.
func maxPool(c *call) error {
	return c.pool(func(p layer.Pool) (layer.Layer, error) {
		columns, err := c.node.Bool("storage_order", false)
		l := layer.MaxPool{Pool: p, Mask: c.wanted(1)}
		if l.Mask {
			l.Places = map[bool]layer.Places{false: layer.InTensor, true: layer.InTensorByColumn}[columns]
		}
		return l, err
	})
}

// averagePool divides by the cells of the window that lie inside the map, or by those inside the padded map.
func averagePool(c *call) error {
	return c.pool(func(p layer.Pool) (layer.Layer, error) {
		padded, err := c.node.Bool("count_include_pad", false)
		if padded {
			return layer.AveragePool{Pool: p, Divisor: layer.PaddedCells}, err
		}
		return layer.AveragePool{Pool: p, Divisor: layer.ValidCells}, err
	})
}

func globalMaxPool(c *call) error { return c.global(layer.MaxPool{Pool: layer.Pool{Global: true}}) }

func globalAveragePool(c *call) error {
	return c.global(layer.AveragePool{Pool: layer.Pool{Global: true}})
}

func (c *call) global(l layer.Layer) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	if _, ok := spatialDimensions(c.ranked(x, 4).rank()); !ok {
		return c.unknown("its input has neither one nor two dimensions to pool over")
	}
	return c.emitPlanar(one{layer: l, in: []*value{c.as(x, false)}})
}

func (c *call) pool(kind func(layer.Pool) (layer.Layer, error)) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	kernel, err := c.kernel()
	if err != nil {
		return err
	}
	dimensions, planar := spatialDimensions(len(kernel) + 2)
	if !planar && (dimensions != 3 || c.wanted(1)) {
		return c.unknown("its kernel has neither one nor two dimensions, nor three without places")
	}
	if x = c.as(c.ranked(x, len(kernel)+2), false); x.rank() != len(kernel)+2 {
		return c.node.Errorf("its input should have %d dimensions for the kernel %v, found the shape %v", len(kernel)+2, kernel, x.stored())
	}
	if !planar {
		return c.poolVolume(x, kernel, kind)
	}
	p, err := c.poolSettings(kernel)
	if err != nil {
		return err
	}
	l, err := kind(p)
	if err != nil {
		return err
	}
	if c.wanted(1) {
		return c.poolWithPlaces(l, x, p)
	}
	return c.emitPlanar(one{layer: l, in: []*value{x}, notes: append(uneven(p.Window, x), overhang(p, x)...), shape: tensor.Shape{x.extent(0), x.extent(1), -1, -1}})
}

// poolWithPlaces is a pool with two outputs.
func (c *call) poolWithPlaces(l layer.Layer, x *value, p layer.Pool) error {
	if x.rank() == 4 {
		list := c.appendAll(c.name, c.outputs(2), one{layer: l, in: []*value{x}, notes: append(uneven(p.Window, x), overhang(p, x)...)})
		list[1].dtype = model.Int64
		return nil
	}
	maps := c.between("/maps", one{layer: layer.Reshape{Shape: []int{0, 0, 1, -1}}, in: []*value{x}, transforms: []string{"rows as maps of height 1"}})
	pooled := c.node.Outputs[0] + "/planar"
	list := c.appendAll(c.unusedNode(c.name+"/planar"), []string{c.unused(pooled), c.unused(pooled + " places")}, one{layer: l, in: []*value{maps}})
	list[1].dtype = model.Int64
	back := one{layer: layer.Reshape{Shape: []int{0, 0, -1}}, in: list[1:], transforms: []string{"maps of height 1 as rows"}}
	c.further(1, back)
	back.in = list[:1]
	return c.emit(back)
}

// poolVolume pools over three dimensions as over the last two and then over the first: the largest of the largest, and the mean of
// means, as the cells of a window are as many in every row of it.
func (c *call) poolVolume(x *value, kernel []int, kind func(layer.Pool) (layer.Layer, error)) error {
	s, known := x.shape, known(x.shape)
	if !known {
		return c.unknown("its input's extents are not known")
	}
	p, err := c.volumeSettings(kernel)
	if err != nil {
		return err
	}
	slices, err := kind(p[1])
	if err != nil {
		return err
	}
	stack, err := kind(p[0])
	if err != nil {
		return err
	}
	maps := c.between("/slices", one{layer: layer.Reshape{Shape: []int{s[0], s[1] * s[2], s[3], s[4]}}, in: []*value{x}, transforms: []string{"the first dimension among the channels"}})
	planar := c.between("/planar", one{layer: slices, in: []*value{maps}})
	if planar.rank() != 4 {
		return c.node.Errorf("its window %v does not fit into %v", kernel, x.stored())
	}
	h, w := planar.extent(2), planar.extent(3)
	depth := c.between("/depth", one{layer: layer.Reshape{Shape: []int{s[0], s[1], s[2], h * w}}, in: []*value{planar}, transforms: []string{"the others as one"}})
	pooled := c.between("/pooled", one{layer: stack, in: []*value{depth}})
	return c.emit(one{layer: layer.Reshape{Shape: []int{s[0], s[1], -1, h, w}}, in: []*value{pooled}})
}

// volumeSettings are those of a pool along the first of three dimensions, and of one along the others.
func (c *call) volumeSettings(kernel []int) (p [2]layer.Pool, err error) {
	w, err := c.geometryND(kernel)
	if err != nil {
		return p, err
	}
	ceil, err := c.node.Bool("ceil_mode", false)
	if err != nil {
		return p, err
	}
	mode, err := c.padMode()
	if err != nil {
		return p, err
	}
	padding := func(top, left, bottom, right int) layer.Padding {
		if mode != layer.Explicit {
			return layer.Padding{Mode: mode}
		}
		return layer.Padding{Top: top, Left: left, Bottom: bottom, Right: right}
	}
	ceil = ceil && mode == layer.Explicit
	p[0] = layer.Pool{Ceil: ceil, Clip: ceil, Window: layer.Window{
		Kernel: [2]int{kernel[0], 1}, Stride: [2]int{w.Stride[0], 1}, Dilation: [2]int{w.Dilation[0], 1}, Padding: padding(w.Before[0], 0, w.After[0], 0),
	}}
	p[1] = layer.Pool{Ceil: ceil, Clip: ceil, Window: layer.Window{
		Kernel: [2]int(kernel[1:]), Stride: [2]int(w.Stride[1:]), Dilation: [2]int(w.Dilation[1:]), Padding: padding(w.Before[1], w.Before[2], w.After[1], w.After[2]),
	}}
	return p, nil
}

// kernel reads kernel_shape, which pooling must state.
func (c *call) kernel() ([]int, error) {
	kernel, err := c.node.Ints("kernel_shape")
	if err != nil {
		return nil, err
	}
	if len(kernel) == 0 {
		return nil, c.node.Errorf("expected the attribute kernel_shape, found none")
	}
	for _, k := range kernel {
		if k < 1 {
			return nil, c.node.Errorf("the attribute kernel_shape should be positive, found %v", kernel)
		}
	}
	return kernel, nil
}

// poolSettings reads the geometry. With ceil_mode a last window may hang over the edge, but does not begin behind it; with
// auto_pad the number of windows is given.
func (c *call) poolSettings(kernel []int) (layer.Pool, error) {
	w, err := c.geometry(kernel)
	if err != nil {
		return layer.Pool{}, err
	}
	ceil, err := c.node.Bool("ceil_mode", false)
	ceil = ceil && w.Padding.Mode == layer.Explicit
	return layer.Pool{Window: w, Ceil: ceil, Clip: ceil}, err
}

// overhang says where rounding up shows.
func overhang(p layer.Pool, x *value) []string {
	height, width := extents(x)
	if !p.Ceil || height < 0 || width < 0 {
		return nil
	}
	down := p
	down.Ceil, down.Clip = false, false
	in := []tensor.Shape{{1, 1, height, width}}
	up, err := layer.MaxPool{Pool: p}.Infer(in)
	plain, errDown := layer.MaxPool{Pool: down}.Infer(in)
	if err != nil || errDown != nil || up[0].Equal(plain[0]) {
		return nil
	}
	return []string{fmt.Sprintf("ceil_mode rounds the number of windows up to %v, so that the last ones hang over the edge; rounded down it would be %v", up[0][2:], plain[0][2:])}
}
