package lower

import "parity/googlenet/layer"

// reverse is ReverseV2: the cells along some axes in the opposite order.
func reverse(c *call) error {
	x, ok := c.operand(0)
	axes, known := c.integers(1)
	if !ok || !known || x.rank() < 0 {
		return c.unknown("its axes or its input's dimensions are not known")
	}
	l := layer.StridedSlice{}
	for range x.rank() {
		l.Ranges = append(l.Ranges, layer.Whole)
	}
	for _, a := range axes {
		if a < 0 {
			a += x.rank()
		}
		if a < 0 || a >= x.rank() {
			return c.node.Errorf("its axes %v do not exist in %v", axes, x.stored())
		}
		l.Ranges[a].Stride = -1
	}
	return c.slice(x, l)
}
