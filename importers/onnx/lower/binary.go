package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// binary checks that an operation has two inputs.
func (c *call) binary() error {
	if len(c.in) != 2 {
		return c.node.Errorf("it takes 2 values, found %d", len(c.in))
	}
	return nil
}

// number returns input i if it is a single constant number that leaves the shape of the other input as it is.
func (c *call) number(i int) (float64, bool, error) {
	k, ok := c.weights(i)
	x, data := c.data(1 - i)
	if !ok || !data || x.rank() < len(k.shape) || k.shape.Len() != 1 {
		return 0, false, nil
	}
	v, err := c.load(k)
	if err != nil {
		return 0, false, err
	}
	return tensor.As[float64](v).Data[0], true, nil
}

// emitOn emits a layer that leaves the shape and the layout of its input as they are.
func (c *call) emitOn(x *value, l layer.Layer) error {
	return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc, shape: x.shape})
}

// powerBefore puts that in before the layer of the node.
func (c *call) powerBefore(suffix string, x *value, p layer.Power, why string) *value {
	return c.between(suffix, one{layer: p, in: []*value{x}, nhwc: x.nhwc, shape: x.shape, transforms: []string{why}})
}

// block is where a tensor lies along a larger value: its own axes of one cell at either end are left out.
type block struct {
	in     *value // the larger value, with its axes in an order in which the block is one
	axis   int    // its common axis at which the block begins
	shape  tensor.Shape
	offset int // of the block among the tensor's own axes
}

// along finds out how a tensor of that shape, aligned at the end, is repeated over x.
func (c *call) along(x *value, s tensor.Shape) (block, bool) {
	if len(s) > x.rank() {
		return block{}, false
	}
	lo, hi := 0, len(s)
	for lo < hi && s[lo] == 1 {
		lo++
	}
	for hi > lo && s[hi-1] == 1 {
		hi--
	}
	b := block{in: x, shape: s[lo:hi], offset: lo}
	if lo == hi {
		return b, true
	}
	if hi-lo > 1 {
		b.in = c.as(x, false)
	}
	first := x.rank() - len(s) + lo
	if !slices.Equal(b.in.stored()[first:first+hi-lo], b.shape) {
		return b, false
	}
	b.axis, _ = b.in.axis(first)
	return b, true
}

// combine joins two values: of one shape element by element, the smaller one along the larger if there is a layer for it, and
// otherwise one, or both, repeated.
func (c *call) combine(a, b *value, equal layer.Eltwise, op layer.Operation, along func(axis int) layer.Layer) error {
	if a.rank() < 0 || b.rank() < 0 {
		return c.unknown("its inputs' dimensions are not known")
	}
	if b.stored().Equal(a.stored()) {
		return c.emit(one{layer: equal, in: []*value{a, c.as(b, a.nhwc)}, nhwc: a.nhwc})
	}
	if along == nil {
		return c.pairwise(op, 0)
	}
	if where, ok := c.along(a, b.stored()); ok {
		return c.combineAlong(where, b, along)
	}
	if where, ok := c.along(b, a.stored()); ok {
		return c.combineAlong(where, a, along)
	}
	return c.pairwise(op, 0)
}

func (c *call) combineAlong(where block, small *value, along func(axis int) layer.Layer) error {
	target := []int(where.shape.Clone())
	free := 0
	for i, d := range target {
		if d < 0 {
			free++
		}
		if d < 0 && i == 0 && where.offset == 0 {
			target[i], free = 0, free-1
		}
	}
	if free > 1 {
		return c.unknown("more than one of its extents is not known")
	}
	small = c.as(small, false)
	if !small.shape.Equal(where.shape) {
		small = c.between("/along", one{layer: layer.Reshape{Shape: target}, in: []*value{small}, transforms: []string{"axes of one cell left out"}})
	}
	return c.emit(one{layer: along(where.axis), in: []*value{where.in, small}, nhwc: where.in.nhwc})
}
