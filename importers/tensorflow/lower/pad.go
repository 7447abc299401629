package lower

import "parity/googlenet/layer"

// pad surrounds a value with zeros; PadV2 with a constant of its own.
func pad(c *call) error {
	number := 0.0
	if len(c.in) > 2 {
		var ok bool
		if number, ok = scalar(c.in[2].constant); !ok {
			return c.unknown("what it pads with is not constant")
		}
	}
	return c.pad(func(before, after []int) layer.Layer { return layer.Pad{Before: before, After: after, Value: number} })
}

// mirrorPad surrounds a value with its mirror image.
func mirrorPad(c *call) error {
	mode, err := c.node.Text("mode", "")
	if err != nil {
		return err
	}
	if mode != "REFLECT" && mode != "SYMMETRIC" {
		return c.node.Errorf("the attribute mode should be REFLECT or SYMMETRIC, found %q", mode)
	}
	return c.pad(func(before, after []int) layer.Layer {
		return layer.MirrorPad{Before: before, After: after, Edge: mode == "SYMMETRIC"}
	})
}

func (c *call) pad(kind func(before, after []int) layer.Layer) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	list, ok := c.integers(1)
	if !ok {
		return c.unknown("its paddings are not constant")
	}
	rank := len(list) / 2
	if len(list)%2 != 0 || x.rank() >= 0 && x.rank() != rank {
		return c.node.Errorf("its paddings should have 2 numbers for each dimension of %v, found %d", x.stored(), len(list))
	}
	x = c.ranked(x, rank)
	before, after := make([]int, rank), make([]int, rank)
	for a := range rank {
		if list[2*a] == unknownExtent || list[2*a+1] == unknownExtent {
			return c.unknown("its paddings are not constant")
		}
		if list[2*a] < 0 || list[2*a+1] < 0 {
			return c.node.Errorf("its paddings should not be negative, found %d and %d", list[2*a], list[2*a+1])
		}
		to, _ := x.axis(a)
		before[to], after[to] = list[2*a], list[2*a+1]
	}
	return c.emitIfFits(one{layer: kind(before, after), in: []*value{x}, nhwc: x.nhwc})
}
