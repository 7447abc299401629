package lower

import "parity/googlenet/layer"

// sum adds any number of values of one shape; of two, one may be repeated.
func sum(c *call) error {
	if len(c.in) == 2 {
		return add(c)
	}
	return c.join(layer.EltwiseSum)
}

// largest takes the largest of any number of values of one shape.
func largest(c *call) error { return c.join(layer.EltwiseMaximum) }

// join lowers operations on any number of inputs, which are the identity for one.
func (c *call) join(how layer.Combination) error {
	if len(c.in) == 1 {
		return c.alias()
	}
	var in []*value
	for i := range c.in {
		x, ok := c.data(i)
		if !ok || x.rank() < 0 || !x.stored().Equal(c.in[0].value.stored()) {
			return c.unknown("its inputs are not values of one shape")
		}
		in = append(in, c.as(x, c.in[0].value.nhwc))
	}
	if len(in) == 0 {
		return c.node.Errorf("it takes at least one input, found none")
	}
	return c.emit(one{layer: layer.Eltwise{Combination: how}, in: in, nhwc: in[0].nhwc})
}
