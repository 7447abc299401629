package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// mean is a global average pool where it goes over the two spatial axes of a feature map.
func mean(c *call) error {
	x, ok := c.data(0)
	axes, constant := c.integers(1)
	if !ok || !constant {
		return c.unknown("its axes are not constant")
	}
	keep, err := c.node.Bool("keep_dims")
	if err != nil {
		return err
	}
	if !spatial(x, axes) {
		return c.unknown("it does not go over the two spatial axes of a feature map")
	}
	l := layer.AveragePool{Pool: layer.Pool{Global: true}}
	if keep {
		return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc})
	}
	pooled := c.between("/pool", l, x, x.nhwc, "mean over height and width, which stay as one cell")
	return c.emit(one{layer: layer.Reshape{Shape: []int{0, -1}}, in: []*value{pooled}})
}

func spatial(x *value, axes []int) bool {
	if x.rank() != 4 || len(axes) != 2 {
		return false
	}
	var common []int
	for _, a := range axes {
		i, ok := x.axis(a)
		if !ok {
			return false
		}
		common = append(common, i)
	}
	slices.Sort(common)
	return slices.Equal(common, []int{2, 3})
}
