package lower

import (
	"parity/googlenet/layer"
)

// slice cuts out ranges of places, as Python's slices do. Bounds are attributes before version 10, then inputs.
func slice(c *call) error {
	x, ok := c.data(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	var lists [4][]int
	for i, name := range []string{"starts", "ends", "axes", "steps"} {
		list, stated, known, err := c.axes(name, i+1)
		if err != nil || !known || i < 2 && !stated {
			return c.unlessErr(err, "its bounds are not constant")
		}
		lists[i] = list
	}
	if lists[2] == nil {
		lists[2] = counting(len(lists[0]))
	}
	l := layer.StridedSlice{}
	for range x.rank() {
		l.Ranges = append(l.Ranges, layer.Whole)
	}
	for i, a := range lists[2] {
		axis, ok := x.axis(a)
		if !ok || i >= len(lists[0]) || i >= len(lists[1]) {
			return c.node.Errorf("its axis %d does not exist in %v, or has no bounds", a, x.stored())
		}
		r := layer.Range{Begin: lists[0][i], End: lists[1][i], Stride: 1}
		if i < len(lists[3]) {
			r.Stride = lists[3][i]
		}
		if r.Begin == unknownExtent || r.End == unknownExtent {
			return c.unknown("its bounds are not known before something is fed")
		}
		l.Ranges[axis] = r
	}
	return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc})
}

// split cuts a value along an axis: into parts of stated extents, an attribute before version 13 and then an input, or equal ones,
// of which the last may be shorter.
func split(c *call) error {
	x, ok := c.data(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	a, err := c.node.Int("axis", 0)
	if err != nil {
		return err
	}
	axis, ok := x.axis(a)
	if !ok {
		return c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
	}
	parts, stated, known, err := c.axes("split", 1)
	if err != nil || !known {
		return c.unlessErr(err, "its parts are not constant")
	}
	if !stated {
		if parts = equalParts(x.extent(axis), len(c.node.Outputs)); parts == nil {
			return c.unknown("the extent that it splits is not known")
		}
	}
	if len(parts) != len(c.node.Outputs) {
		return c.node.Errorf("it has %d outputs for the parts %v", len(c.node.Outputs), parts)
	}
	begin := 0
	for i, n := range parts {
		l := layer.StridedSlice{}
		for range x.rank() {
			l.Ranges = append(l.Ranges, layer.Whole)
		}
		l.Ranges[axis] = layer.Range{Begin: begin, End: begin + n, Stride: 1}
		begin += n
		if c.node.Outputs[i] == "" {
			continue
		}
		node := c.name
		if i > 0 {
			node = c.unusedNode(c.node.Outputs[i])
		}
		c.append(node, c.node.Outputs[i], one{layer: l, in: []*value{x}, nhwc: x.nhwc})
	}
	if d := x.extent(axis); d >= 0 && begin != d {
		return c.node.Errorf("its parts %v do not add up to the extent %d of axis %d", parts, d, a)
	}
	return nil
}

// equalParts are those of an extent; nil if it is not known.
func equalParts(extent, n int) []int {
	if extent < 0 || n == 0 {
		return nil
	}
	var list []int
	each := (extent + n - 1) / n
	for range n {
		part := min(each, extent)
		list = append(list, part)
		extent -= part
	}
	return list
}

// tile repeats a value along its axes: a number for each, or in the first version a number and an axis.
func tile(c *call) error {
	x, ok := c.data(0)
	repeats, known, err := c.integers(1)
	if err != nil || !ok || !known || x.rank() < 0 {
		return c.unlessErr(err, "how often it repeats is not constant")
	}
	x = c.as(x, false)
	if len(repeats) != x.rank() {
		return c.node.Errorf("it repeats %v times, for the shape %v", repeats, x.shape)
	}
	var axes []int
	for axis, n := range repeats {
		if n != 1 {
			axes = append(axes, axis)
		}
	}
	if len(axes) == 0 {
		return c.emitOn(x, layer.Identity{})
	}
	for i, axis := range axes {
		suffix := "/repeated"
		if i == len(axes)-1 {
			suffix = ""
		}
		x = c.put(suffix, one{layer: layer.Tile{Axis: axis, Tiles: repeats[axis]}, in: []*value{x}})
	}
	return nil
}

// expand repeats a value to the shape that it and a stated one make together.
func expand(c *call) error {
	x, ok := c.data(0)
	shape, constant, err := c.integers(1)
	if err != nil || !ok || !constant || x.rank() < 0 {
		return c.unlessErr(err, "its shape is not constant")
	}
	x = c.as(x, false)
	if !known(x.shape) {
		return c.unknown("its input's extents are not known")
	}
	target, ok := broadcastShape(x.shape, shape)
	if _, whole := target.CheckedLen(); !ok || !whole {
		return c.node.Errorf("%v cannot be repeated to meet %v", x.shape, shape)
	}
	return c.emit(one{layer: layer.Broadcast{Shape: target}, in: []*value{x}})
}
