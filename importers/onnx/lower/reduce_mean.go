package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// reduceMean is a global average pool where it goes over the spatial axes of a feature map. The axes are an attribute before
// version 18, then an input.
func reduceMean(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	axes, stated, known, err := c.axes("axes", 1)
	if err != nil {
		return err
	}
	keep, err := c.node.Bool("keepdims", true)
	if err != nil {
		return err
	}
	if !stated || !known || !spatial(x, axes) {
		return reduction{reducer: layer.ReduceMean}.lower(c)
	}
	pool := one{layer: layer.AveragePool{Pool: layer.Pool{Global: true}}, in: []*value{x}, nhwc: x.nhwc}
	if keep {
		return c.emit(pool)
	}
	pool.transforms = []string{"mean over height and width, which stay as one cell"}
	pooled := c.between("/pool", pool)
	return c.emit(one{layer: layer.Reshape{Shape: []int{0, -1}}, in: []*value{pooled}})
}

func spatial(x *value, axes []int) bool {
	var common []int
	for _, a := range axes {
		i, ok := x.axis(a)
		if !ok {
			return false
		}
		common = append(common, i)
	}
	slices.Sort(common)
	return x.rank() == 4 && slices.Equal(common, []int{2, 3})
}
