package lower

import "parity/googlenet/layer"

// pack puts values side by side along a new axis.
func pack(c *call) error {
	axis, err := c.node.Int("axis", 0)
	if err != nil {
		return err
	}
	if err := c.checkCount("N", len(c.in)); err != nil {
		return err
	}
	var in []*value
	for i := range c.in {
		x, ok := c.operand(i)
		if !ok || x.rank() < 0 {
			return c.unknown("its inputs' dimensions are not known")
		}
		in = append(in, c.as(x, false))
	}
	if len(in) == 0 {
		return c.node.Errorf("it takes at least one value")
	}
	rank := in[0].rank() + 1
	if axis < -rank || axis >= rank {
		return c.node.Errorf("it cannot put an axis in at %d of %v", axis, in[0].shape)
	}
	return c.emitIfFits(one{layer: layer.Stack{Axis: (axis + rank) % rank}, in: in})
}

// unpack takes a value apart along an axis.
func unpack(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	a, err := c.node.Int("axis", 0)
	if err != nil {
		return err
	}
	n, err := c.node.Int("num", 0)
	if err != nil {
		return err
	}
	if n < 1 || n > maxOutputs {
		return c.unknown("it makes no part, or too many")
	}
	x = c.as(x, false)
	axis, ok := x.axis(a)
	if !ok {
		return c.node.Errorf("its axis %d does not exist in %v", a, x.shape)
	}
	return c.emitIfFits(one{layer: layer.Unstack{Axis: axis, Parts: n}, in: []*value{x}, more: n - 1})
}
