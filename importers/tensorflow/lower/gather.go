package lower

import "parity/googlenet/layer"

// gather is the old Gather, which looks up rows.
func gather(c *call) error {
	if len(c.in) != 2 {
		return c.node.Errorf("it takes values and indices, found %d inputs", len(c.in))
	}
	return c.gather(0, 0)
}

// gatherV2 has an axis, and may share leading axes with its indices.
func gatherV2(c *call) error {
	if len(c.in) != 3 {
		return c.node.Errorf("it takes values, indices and an axis, found %d inputs", len(c.in))
	}
	axis, ok := c.number(c.in[2])
	if !ok {
		return c.unknown("its axis is not constant")
	}
	batch, err := c.node.Int("batch_dims", 0)
	if err != nil {
		return err
	}
	return c.gather(axis, batch)
}

func (c *call) gather(axis, batch int) error {
	x, ok := c.operand(0)
	index, indexed := c.operand(1)
	if !ok || !indexed || x.rank() < 0 || index.rank() < 0 {
		return c.unknown("its inputs' dimensions are not known")
	}
	x, index = c.as(x, false), c.as(index, false)
	if axis < 0 {
		axis += x.rank()
	}
	if batch < 0 {
		batch += index.rank()
	}
	return c.emitIfFits(one{layer: layer.Gather{Axis: axis, Batch: batch}, in: []*value{x, index}})
}
