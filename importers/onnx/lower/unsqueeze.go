package lower

import (
	"slices"

	"parity/googlenet/tensor"
)

// unsqueeze puts in axes of one cell. They are an attribute before version 13, then an input.
func unsqueeze(c *call) error {
	x, ok := c.data(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	target, ok, err := c.unsqueezed(x.stored())
	if err != nil || !ok {
		return c.unlessErr(err, "its axes are not constant")
	}
	return c.reshapeTo(x, target, x.rank() > 0 && target[0] < 0)
}

// maxRank is the most dimensions that a value is given here.
const maxRank = 254

// unsqueezed is a shape with those axes, which are numbered as in the result.
func (c *call) unsqueezed(s tensor.Shape) (target tensor.Shape, ok bool, err error) {
	axes, stated, known, err := c.axes("axes", 1)
	if err != nil || !stated || !known {
		return nil, false, err
	}
	rank := len(s) + len(axes)
	added := make([]bool, rank)
	for _, a := range axes {
		if a < 0 {
			a += rank
		}
		if a < 0 || a >= rank || rank > maxRank || added[a] {
			return nil, false, c.node.Errorf("it cannot put in the axes %v to make %d dimensions of %v", axes, rank, s)
		}
		added[a] = true
	}
	rest := slices.Clone(s)
	for _, added := range added {
		if added {
			target = append(target, 1)
			continue
		}
		target, rest = append(target, rest[0]), rest[1:]
	}
	return target, true, nil
}
