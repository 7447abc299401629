package lower

import "parity/googlenet/layer"

// einsum multiplies and adds up as its equation says.
func einsum(c *call) error {
	equation, err := c.node.Text("equation", "")
	if err != nil {
		return err
	}
	if err := c.checkCount("N", len(c.in)); err != nil {
		return err
	}
	in, ok := c.operands(c.in)
	if !ok {
		return c.unknown("an input is computed in a way that is not known")
	}
	var ranks []int
	for i, v := range in {
		if v.rank() < 0 {
			return c.unknown("its inputs' dimensions are not known")
		}
		in[i] = c.as(v, false)
		ranks = append(ranks, v.rank())
	}
	l, err := layer.ParseEinsum(equation, ranks)
	if err != nil {
		return c.node.Errorf("%v", err)
	}
	return c.emitIfFits(one{layer: l, in: in})
}
