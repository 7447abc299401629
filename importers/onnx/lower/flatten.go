package lower

// flatten makes a matrix: the axes before the given one are its rows.
func flatten(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	if x.rank() < 0 {
		axis, err := c.node.Int("axis", 1)
		if err != nil || axis != 1 {
			return c.unlessErr(err, "its input's dimensions are not known")
		}
		return c.reshape(x, []int{0, -1})
	}
	axis, err := c.flattenAxis(x.rank())
	if err != nil {
		return err
	}
	target, ok := rowsFrom(x.stored(), axis)
	if !ok {
		return c.unknown("more than one of its extents is not known")
	}
	return c.reshape(x, target)
}

// flattenAxis reads the axis, which may be one beyond the last.
func (c *call) flattenAxis(rank int) (int, error) {
	axis, err := c.node.Int("axis", 1)
	if err != nil {
		return 0, err
	}
	if axis < 0 {
		axis += rank
	}
	if axis < 0 || axis > rank {
		return 0, c.node.Errorf("its axis should be one of %d dimensions, found %d", rank, axis)
	}
	return axis, nil
}
