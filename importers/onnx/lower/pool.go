package lower

import (
	"fmt"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// maxPool takes the largest value of every window. In which order its second output counts places, as storage_order says,
// does not matter to the first.
func maxPool(c *call) error {
	return c.pool(func(p layer.Pool) (layer.Layer, error) { return layer.MaxPool{Pool: p}, nil })
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
	if _, ok := spatialDimensions(len(kernel) + 2); !ok {
		return c.unknown("its kernel has neither one nor two dimensions")
	}
	if x = c.as(c.ranked(x, len(kernel)+2), false); x.rank() != len(kernel)+2 {
		return c.node.Errorf("its input should have %d dimensions for the kernel %v, found the shape %v", len(kernel)+2, kernel, x.stored())
	}
	p, err := c.poolSettings(kernel)
	if err != nil {
		return err
	}
	if p.Dilation != [2]int{1, 1} {
		return c.unknown("it has dilations")
	}
	l, err := kind(p)
	if err != nil {
		return err
	}
	return c.emitPlanar(one{layer: l, in: []*value{x}, notes: append(uneven(p.Window, x), overhang(p, x)...), shape: tensor.Shape{x.extent(0), x.extent(1), -1, -1}})
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
