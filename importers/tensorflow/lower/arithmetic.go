package lower

import (
	"parity/googlenet/layer"
)

// binary lowers an operation on two values that are repeated to meet.
func binary(o layer.Operation) func(*call) error {
	return func(c *call) error { return c.joined(layer.Binary{Operation: o}) }
}

// div, the old form, cuts off the fraction of quotients of integers.
func div(c *call) error {
	t, err := c.node.Type("T")
	if err != nil {
		return err
	}
	if t.IsFloat() || t == 0 {
		return c.joined(layer.Binary{Operation: layer.Quotient})
	}
	return c.joined(layer.Binary{Operation: layer.WholeQuotient})
}

// clipByValue is the smaller of a largest value and of the larger of a value and a smallest one.
func clipByValue(c *call) error {
	in, ok := c.operands(c.in)
	if !ok || len(in) != 3 {
		return c.unknown("an input is computed in a way that is not known")
	}
	in, nhwc, ok := c.aligned(in)
	if !ok {
		return c.unknown("its inputs' dimensions are not known")
	}
	above := c.betweenAll("/min", layer.Binary{Operation: layer.Larger}, in[:2], nhwc, "the larger of the value and the smallest one")
	if above.shape == nil {
		above.shape = together(in[:2])
	}
	return c.joinedOf(layer.Binary{Operation: layer.Smaller}, []*value{above, in[2]})
}

// where is SelectV2, which repeats all inputs to meet.
func where(c *call) error { return c.joined(layer.Select{}) }

// choose is Select, whose condition may also be one element for each item along the first axis.
func choose(c *call) error {
	in, ok := c.operands(c.in)
	if !ok || len(in) != 3 {
		return c.unknown("an input is computed in a way that is not known")
	}
	condition, x := in[0], in[1]
	if condition.rank() != 1 || x.rank() == 1 {
		return c.joinedOf(layer.Select{}, in)
	}
	if x.rank() < 1 {
		return c.unknown("its inputs' dimensions are not known")
	}
	target := make([]int, x.rank())
	for i := range target {
		target[i] = 1
	}
	target[0] = -1
	// Axes of one cell behind the first are in the same place in either order.
	turned := c.between("/condition", layer.Reshape{Shape: target}, condition, x.nhwc, "one element for each item")
	return c.joinedOf(layer.Select{}, []*value{turned, x, in[2]})
}
