package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// pad surrounds a value with zeros; PadV2 with a number of its own, which must be zero here.
func pad(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	list, ok := c.integers(1)
	if !ok {
		return c.unknown("its paddings are not constant")
	}
	if zero := len(c.in) < 3 || isZero(c.in[2].constant); !zero {
		return c.unknown("it does not pad with zeros")
	}
	rank := len(list) / 2
	if len(list)%2 != 0 || x.rank() >= 0 && x.rank() != rank {
		return c.node.Errorf("its paddings should have 2 numbers for each dimension of %v, found %d", x.stored(), len(list))
	}
	x = c.ranked(x, rank)
	l := layer.Pad{Before: make([]int, rank), After: make([]int, rank)}
	for a := range rank {
		if list[2*a] < 0 || list[2*a+1] < 0 {
			return c.node.Errorf("its paddings should not be negative, found %d and %d", list[2*a], list[2*a+1])
		}
		to, _ := x.axis(a)
		l.Before[to], l.After[to] = list[2*a], list[2*a+1]
	}
	return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc})
}

func isZero(k *constant) bool {
	if k == nil || k.variable() || k.shape.Len() != 1 {
		return false
	}
	v, err := k.tensor.Value()
	return err == nil && tensor.As[float64](v).Data[0] == 0
}
