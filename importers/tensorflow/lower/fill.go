package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// fill repeats one number to a shape.
func fill(c *call) error { return c.repeat(1, 0) }

// broadcastTo repeats a value to a shape.
func broadcastTo(c *call) error { return c.repeat(0, 1) }

func (c *call) repeat(what, to int) error {
	x, ok := c.operand(what)
	shape, known := c.integers(to)
	if !ok || x.rank() < 0 {
		return c.unknown("its input is computed in a way that is not known")
	}
	if !known || slices.ContainsFunc(shape, func(d int) bool { return d < 0 }) {
		return c.unknown("its shape is not constant")
	}
	return c.emit(one{layer: layer.Broadcast{Shape: tensor.Shape(shape)}, in: []*value{c.as(x, false)}})
}
