package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// reverse is ReverseV2: the cells along some axes in the opposite order.
func reverse(c *call) error {
	x, ok := c.operand(0)
	axes, known := c.integers(1)
	if !ok || !known || x.rank() < 0 {
		return c.unknown("its axes or its input's dimensions are not known")
	}
	backward := make([]bool, x.rank())
	for _, a := range axes {
		if a < 0 {
			a += x.rank()
		}
		if a < 0 || a >= x.rank() {
			return c.node.Errorf("its axes %v do not exist in %v", axes, x.stored())
		}
		backward[a] = true
	}
	return c.reverse(x, backward)
}

// reverseMarked is the old Reverse, which says of every axis whether it is one of them.
func reverseMarked(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 0 || len(c.in) != 2 || c.in[1].constant == nil || c.in[1].constant.variable() {
		return c.unknown("its axes or its input's dimensions are not known")
	}
	marks, err := c.in[1].constant.tensor.Value()
	if err != nil {
		return err
	}
	if marks.Dims().Len() != x.rank() {
		return c.node.Errorf("it should say of each dimension of %v whether to reverse it, found %d answers", x.stored(), marks.Dims().Len())
	}
	backward := make([]bool, x.rank())
	for a, v := range tensor.As[float64](marks).Data {
		backward[a] = v != 0
	}
	return c.reverse(x, backward)
}

// reverse takes the axes that go backward from their ends.
func (c *call) reverse(x *value, backward []bool) error {
	l := layer.StridedSlice{}
	for _, back := range backward {
		r := layer.Whole
		if back {
			r.Stride = -1
		}
		l.Ranges = append(l.Ranges, r)
	}
	return c.slice(x, l)
}

// reverseSequence turns round, along one axis, so many of the first cells of each item as an input says.
func reverseSequence(c *call) error {
	in, ok := c.operands(c.in)
	if !ok || len(in) != 2 || in[0].rank() < 0 {
		return c.unknown("its inputs' dimensions are not known")
	}
	batch, err := c.node.Int("batch_dim", 0)
	if err != nil {
		return err
	}
	time, err := c.node.Int("seq_dim", 0)
	if err != nil {
		return err
	}
	x := in[0]
	l := layer.ReverseSequence{}
	if l.Batch, ok = x.axis(batch); ok {
		l.Time, ok = x.axis(time)
	}
	if !ok {
		return c.node.Errorf("its axes %d and %d do not exist in %v", batch, time, x.stored())
	}
	return c.emitIfFits(one{layer: l, in: in, nhwc: x.nhwc})
}
