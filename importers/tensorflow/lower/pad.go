package lower

import "parity/googlenet/layer"

// pad surrounds a value with zeros; PadV2 with a constant of its own.
func pad(c *call) error {
	number := 0.0
	if len(c.in) > 2 {
		var ok bool
		if number, ok = scalar(c.in[2].constant); !ok {
			return c.padWithValue()
		}
	}
	return c.pad(func(before, after []int) layer.Layer { return layer.Pad{Before: before, After: after, Value: number} })
}

// padWithValue surrounds a value with one that is computed: what is chosen where ones that are padded with zeros are zero.
func (c *call) padWithValue() error {
	x, ok := c.operand(0)
	v, known := c.operand(2)
	if !ok || !known || x.rank() < 0 {
		return c.unknown("its inputs' dimensions are not known")
	}
	before, after, why, err := c.paddings(x)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	zeros := layer.Pad{Before: before, After: after}
	ones := c.between("/ones", layer.Unary{Function: layer.One}, x, x.nhwc, "where the value is")
	inside := c.between("/inside", zeros, ones, x.nhwc, "where it is, padded")
	padded := c.between("/padded", zeros, x, x.nhwc, "padded with zeros")
	return c.emit(one{layer: layer.Select{}, in: []*value{inside, padded, c.ranked(v, 0)}, nhwc: x.nhwc})
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
	x = c.ranked(x, len(list)/2)
	before, after, why, err := c.paddings(x)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	return c.emitIfFits(one{layer: kind(before, after), in: []*value{x}, nhwc: x.nhwc})
}

// paddings are the numbers of cells before and after each common axis of a value.
func (c *call) paddings(x *value) (before, after []int, why string, err error) {
	list, ok := c.integers(1)
	if !ok {
		return nil, nil, "its paddings are not constant", nil
	}
	rank := len(list) / 2
	if len(list)%2 != 0 || x.rank() != rank {
		return nil, nil, "", c.node.Errorf("its paddings should have 2 numbers for each dimension of %v, found %d", x.stored(), len(list))
	}
	before, after = make([]int, rank), make([]int, rank)
	for a := range rank {
		if list[2*a] == unknownExtent || list[2*a+1] == unknownExtent {
			return nil, nil, "its paddings are not constant", nil
		}
		if list[2*a] < 0 || list[2*a+1] < 0 {
			return nil, nil, "", c.node.Errorf("its paddings should not be negative, found %d and %d", list[2*a], list[2*a+1])
		}
		to, _ := x.axis(a)
		before[to], after[to] = list[2*a], list[2*a+1]
	}
	return before, after, "", nil
}
