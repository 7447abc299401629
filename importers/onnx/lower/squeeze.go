package lower

import (
	"slices"

	"parity/googlenet/tensor"
)

// squeeze drops axes of one cell: those that are named, or all. The axes are an attribute before version 13, then an input.
func squeeze(c *call) error {
	x, ok := c.data(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	drop, ok, err := c.dropped(x.stored())
	if err != nil || !ok {
		return c.unlessErr(err, "which axes have one cell is not known")
	}
	return c.reshapeTo(x, without(x.stored(), drop), len(drop) > 0 && !drop[0])
}

// dropped tells, for each axis of a shape, whether it goes.
func (c *call) dropped(s tensor.Shape) (drop []bool, ok bool, err error) {
	axes, stated, known, err := c.axes("axes", 1)
	if err != nil || !known || !stated && slices.Contains(s, -1) {
		return nil, false, err
	}
	drop = make([]bool, len(s))
	for i, d := range s {
		drop[i] = !stated && d == 1
	}
	for _, a := range axes {
		if a < 0 {
			a += len(s)
		}
		if a < 0 || a >= len(s) || s[a] > 1 {
			return nil, false, c.node.Errorf("it cannot drop axis %d of %v", a, s)
		}
		drop[a] = true
	}
	return drop, true, nil
}

func without(s tensor.Shape, drop []bool) tensor.Shape {
	target := tensor.Shape{}
	for i, d := range s {
		if !drop[i] {
			target = append(target, d)
		}
	}
	return target
}
