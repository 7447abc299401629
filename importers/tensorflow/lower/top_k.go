package lower

import "parity/googlenet/layer"

// topK is the old TopK, whose number is an attribute.
func topK(c *call) error {
	k, err := c.node.Int("k", 0)
	if err != nil {
		return err
	}
	return c.topK(k)
}

// topKV2 has it as an input.
func topKV2(c *call) error {
	if len(c.in) != 2 {
		return c.node.Errorf("it takes a value and a number, found %d inputs", len(c.in))
	}
	k, ok := c.number(c.in[1])
	if !ok || k == unknownExtent {
		return c.unknown("how many it picks is not constant")
	}
	return c.topK(k)
}

// topK picks along the last axis. Without an order the picks may come in any.
func (c *call) topK(k int) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 1 {
		return c.unknown("its input's dimensions are not known")
	}
	sorted := true
	if c.node.Attrs["sorted"] != nil {
		var err error
		if sorted, err = c.node.Bool("sorted"); err != nil {
			return err
		}
	}
	if !sorted && k > 1 {
		return c.unknown("the order of its picks is not defined")
	}
	axis, _ := x.axis(-1)
	return c.emitIfFits(one{layer: layer.TopK{Axis: axis, K: k}, in: []*value{x}, nhwc: x.nhwc, more: 1})
}
