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

// poolVolume pools over three dimensions.
func (c *call) poolVolume(x *value, kernel []int, kind func(layer.Pool) (layer.Layer, error)) error {
	p, ok, err := c.volumeSettings(x, kernel)
	if err != nil || !ok {
		return c.unlessErr(err, "its input's extents are not known")
	}
	planar, err := kind(layer.Pool{})
	if err != nil {
		return err
	}
	var l layer.Layer = layer.MaxPoolND{PoolND: p}
	if average, ok := planar.(layer.AveragePool); ok {
		l = layer.AveragePoolND{PoolND: p, Divisor: average.Divisor}
	}
	if _, err := l.Infer([]tensor.Shape{x.shape}); err != nil && known(x.shape) {
		return c.node.Errorf("%v", err)
	}
	return c.emit(one{layer: l, in: []*value{x}})
}

// volumeSettings reads the geometry. Where the number of windows is rounded up, or given by auto_pad, it depends on the input's extents.
func (c *call) volumeSettings(x *value, kernel []int) (p layer.PoolND, ok bool, err error) {
	p.Axis = 1
	if p.WindowND, err = c.geometryND(kernel); err != nil {
		return p, false, err
	}
	ceil, err := c.node.Bool("ceil_mode", false)
	if err != nil {
		return p, false, err
	}
	mode, err := c.padMode()
	if err != nil {
		return p, false, err
	}
	if mode == layer.Explicit && !ceil {
		return p, true, nil
	}
	if !known(x.shape) {
		return p, false, nil
	}
	for a, n := range x.shape[2:] {
		w := layer.Window{Kernel: [2]int{kernel[a], 1}, Stride: [2]int{p.Stride[a], 1}, Dilation: [2]int{p.Dilation[a], 1}, Padding: layer.Padding{Mode: mode}}
		if mode != layer.Explicit {
			p.Before[a], _, p.After[a], _ = w.Padding.For(n, 1, w)
			continue
		}
		p.Overhang = append(p.Overhang, overhangOf(n, p.WindowND, a))
	}
	return p, true, nil
}

// overhangOf is how far the last window along an axis of n cells reaches beyond the padding if the number of windows is rounded up; none
// begins behind the map and its leading padding.
func overhangOf(n int, w layer.WindowND, a int) int {
	room := n + w.Before[a] + w.After[a] - ((w.Kernel[a]-1)*w.Dilation[a] + 1)
	steps := (room + w.Stride[a] - 1) / w.Stride[a]
	if room < 0 || steps*w.Stride[a] >= n+w.Before[a] {
		return 0
	}
	return steps*w.Stride[a] - room
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
