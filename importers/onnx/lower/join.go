package lower

import "parity/googlenet/layer"

// sum adds any number of values.
func sum(c *call) error {
	if len(c.in) == 2 {
		return add(c)
	}
	return c.join(layer.EltwiseSum, layer.Sum)
}

// largest takes the largest of any number of values.
func largest(c *call) error { return c.join(layer.EltwiseMaximum, layer.Larger) }

// join lowers operations on any number of inputs, which are the identity for one: a single layer for values of one shape.
func (c *call) join(how layer.Combination, op layer.Operation) error {
	if len(c.in) == 1 {
		return c.alias()
	}
	var in []*value
	for i := range c.in {
		x, ok := c.data(i)
		if !ok || x.rank() < 0 || !x.stored().Equal(c.in[0].value.stored()) {
			return variadic(op)(c)
		}
		in = append(in, c.as(x, c.in[0].value.nhwc))
	}
	if len(in) == 0 {
		return c.node.Errorf("it takes at least one input, found none")
	}
	return c.emit(one{layer: layer.Eltwise{Combination: how}, in: in, nhwc: in[0].nhwc})
}
