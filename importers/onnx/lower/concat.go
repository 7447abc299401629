package lower

import "parity/googlenet/layer"

// concat joins values along an axis.
func concat(c *call) error {
	a, err := c.node.Int("axis", 1)
	if err != nil {
		return err
	}
	var in []*value
	for i := range c.in {
		x, ok := c.data(i)
		if !ok {
			return c.unknown("it joins constants to values")
		}
		in = append(in, c.as(x, c.in[0].value.nhwc))
	}
	if len(in) == 0 {
		return c.node.Errorf("it takes at least one input, found none")
	}
	axis, ok := in[0].axis(a)
	if !ok && in[0].rank() >= 0 {
		return c.node.Errorf("its axis %d does not exist in %v", a, in[0].stored())
	}
	if !ok {
		return c.unknown("its input's dimensions are not known")
	}
	return c.emit(one{layer: layer.Concat{Axis: axis}, in: in, nhwc: in[0].nhwc})
}
