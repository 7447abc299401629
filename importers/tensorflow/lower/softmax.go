package lower

import "parity/googlenet/layer"

// softmax works along the last axis.
func softmax(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	axis, ok := x.axis(-1)
	if !ok {
		return c.unknown("its input's dimensions are not known")
	}
	return c.emit(one{layer: layer.Softmax{Axis: axis}, in: []*value{x}, nhwc: x.nhwc})
}
