package lower

import "parity/googlenet/layer"

// softmax works along the last axis.
func softmax(c *call) error {
	return c.alongLast(func(axis int) layer.Layer { return layer.Softmax{Axis: axis} })
}

// logSoftmax does so too.
func logSoftmax(c *call) error {
	return c.alongLast(func(axis int) layer.Layer { return layer.LogSoftmax{Axis: axis} })
}

// alongLast is a layer along the last axis that keeps the shape.
func (c *call) alongLast(with func(axis int) layer.Layer) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	axis, ok := x.axis(-1)
	if !ok {
		return c.unknown("its input's dimensions are not known")
	}
	return c.emit(one{layer: with(axis), in: []*value{x}, nhwc: x.nhwc})
}
