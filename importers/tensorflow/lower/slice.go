package lower

import "parity/googlenet/layer"

// slice is Slice: so many cells from a place on along each axis, all that are left for -1.
func slice(c *call) error {
	x, ok := c.operand(0)
	begin, known := c.integers(1)
	size, sized := c.integers(2)
	if !ok || !known || !sized {
		return c.unknown("what it takes is not constant")
	}
	x = c.ranked(x, len(begin))
	if len(begin) != x.rank() || len(size) != x.rank() {
		return c.node.Errorf("its begin and size should have a number for each dimension of %v, found %d and %d", x.stored(), len(begin), len(size))
	}
	stored := x.stored()
	l := layer.StridedSlice{}
	for i, at := range begin {
		if at == unknownExtent || size[i] == unknownExtent && at != 0 {
			return c.unknown("what it takes is not constant")
		}
		n := stored[i]
		if at < 0 || size[i] < -1 && size[i] != unknownExtent || n >= 0 && at+max(size[i], 0) > n {
			return c.node.Errorf("it cannot take %d cells from place %d of dimension %d of %v", size[i], at, i, stored)
		}
		r := layer.Range{Begin: at, End: at + size[i], Stride: 1}
		if size[i] < 0 {
			r.End, r.EndOpen = 0, true
		}
		l.Ranges = append(l.Ranges, r)
	}
	return c.slice(x, l)
}
