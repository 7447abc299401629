package lower

import "parity/googlenet/layer"

// split is Split: equal parts along the axis that is its first input.
func split(c *call) error {
	if len(c.in) != 2 {
		return c.node.Errorf("it takes an axis and a value, found %d inputs", len(c.in))
	}
	n, err := c.node.Int("num_split", 0)
	if err != nil {
		return err
	}
	return c.split(1, 0, layer.Slice{Parts: n})
}

// splitV is SplitV: parts of given extents along the axis that is its last input. One extent may be -1 for what is left.
func splitV(c *call) error {
	if len(c.in) != 3 {
		return c.node.Errorf("it takes a value, extents and an axis, found %d inputs", len(c.in))
	}
	extents, ok := c.integers(1)
	a, known := c.number(c.in[2])
	x, computed := c.operand(0)
	if !ok || !known || !computed {
		return c.unknown("its extents or its axis are not constant")
	}
	if err := c.checkCount("num_split", len(extents)); err != nil {
		return err
	}
	axis, ok := x.axis(a)
	if !ok {
		return c.unknown("its input's dimensions are not known")
	}
	points, why := splitPoints(extents, x.extent(axis))
	if why != "" {
		return c.unknown(why)
	}
	return c.split(0, 2, layer.Slice{Points: points, Parts: len(extents)})
}

// splitPoints are the places between the parts.
func splitPoints(extents []int, whole int) (points []int, why string) {
	rest := whole
	for _, n := range extents {
		if n == unknownExtent {
			return nil, "its extents are not constant"
		}
		rest -= max(n, 0)
	}
	at := 0
	for _, n := range extents {
		if n < 0 {
			if whole < 0 {
				return nil, "the extent of what it splits is not known"
			}
			n = rest
		}
		at += n
		points = append(points, at)
	}
	return points[:max(len(points)-1, 0)], ""
}

func (c *call) split(data, axisInput int, l layer.Slice) error {
	x, ok := c.operand(data)
	a, known := c.number(c.in[axisInput])
	if !ok || !known {
		return c.unknown("its axis is not constant")
	}
	axis, ok := x.axis(a)
	if !ok {
		return c.unknown("its input's dimensions are not known")
	}
	if l.Parts < 1 || l.Parts > maxOutputs {
		return c.node.Errorf("it cannot make %d parts", l.Parts)
	}
	l.Axis = axis
	return c.emitIfFits(one{layer: l, in: []*value{x}, nhwc: x.nhwc, more: l.Parts - 1})
}
