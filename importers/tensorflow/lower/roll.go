package lower

import "parity/googlenet/layer"

// roll is Roll: along some axes the cells move on, and those beyond the end come to the beginning. Along each axis that is the second
// part before the first.
func roll(c *call) error {
	x, ok := c.operand(0)
	shifts, known := c.integers(1)
	axes, alsoKnown := c.integers(2)
	if !ok || !known || !alsoKnown || x.rank() < 0 {
		return c.unknown("its axes or its input's dimensions are not known")
	}
	if len(shifts) != len(axes) {
		return c.node.Errorf("it needs a shift for each of its axes %v, found %v", axes, shifts)
	}
	for i, a := range axes {
		axis, ok := x.axis(a)
		if !ok {
			return c.node.Errorf("its axes %v do not exist in %v", axes, x.stored())
		}
		n := x.extent(axis)
		if n < 0 {
			return c.unknown("its input's extents are not known")
		}
		if n > 0 && shifts[i]%n != 0 {
			x = c.rolled(x, axis, n-(shifts[i]%n+n)%n)
		}
	}
	return c.emit(one{layer: layer.Identity{}, in: []*value{x}, nhwc: x.nhwc})
}

// rolled puts what begins at a place before what ends there.
func (c *call) rolled(x *value, axis, at int) *value {
	part := func(suffix string, r layer.Range) *value {
		l := layer.StridedSlice{}
		for a := range x.rank() {
			l.Ranges = append(l.Ranges, layer.Whole)
			if a == axis {
				l.Ranges[a] = r
			}
		}
		return c.between(suffix, l, x, x.nhwc, "a part along one axis")
	}
	behind, before := part("/behind", layer.Range{Begin: at, Stride: 1, EndOpen: true}), part("/before", layer.Range{End: at, Stride: 1, BeginOpen: true})
	return c.betweenAll("/rolled", layer.Concat{Axis: axis}, []*value{behind, before}, x.nhwc, "the second part before the first")
}
