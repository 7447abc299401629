package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// fill repeats one number to a shape.
func fill(c *call) error {
	x, ok := c.operand(1)
	if !ok {
		return c.unknown("its input is computed in a way that is not known")
	}
	return c.repeat(c.ranked(x, 0), 0)
}

// broadcastTo repeats a value to a shape.
func broadcastTo(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	return c.repeat(x, 1)
}

func (c *call) repeat(x *value, to int) error {
	shape, known := c.integers(to)
	if !known || slices.ContainsFunc(shape, func(d int) bool { return d < 0 }) {
		return c.unknown("its shape is not constant")
	}
	if n, ok := tensor.Shape(shape).CheckedLen(); !ok || n > maxFilled {
		return c.node.Errorf("it repeats a value over the shape %v: more than %d elements", tensor.Shape(shape), maxFilled)
	}
	return c.emit(one{layer: layer.Broadcast{Shape: tensor.Shape(shape)}, in: []*value{c.as(x, false)}})
}
