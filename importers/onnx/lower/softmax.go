package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// softmax is a layer that works along one axis.
func softmax(c *call) error {
	return c.rows(func(suffix string, x *value, axis int) *value {
		return c.put(suffix, one{layer: layer.Softmax{Axis: axis}, in: []*value{x}, nhwc: x.nhwc})
	})
}

// logSoftmax is another one.
func logSoftmax(c *call) error {
	return c.rows(func(suffix string, x *value, axis int) *value {
		return c.put(suffix, one{layer: layer.LogSoftmax{Axis: axis}, in: []*value{x}, nhwc: x.nhwc})
	})
}

// rowLayer puts a layer that works along an axis in, with a suffix unless its result is the node's own.
type rowLayer func(suffix string, x *value, axis int) *value

// rows lowers what works along one axis since version 13, by default the last. Before that it took all elements from an axis on,
// by default the second, for one row.
func (c *call) rows(put rowLayer) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	if x.rank() < 1 {
		return c.unknown("its input's dimensions are not known")
	}
	fallback := -1
	if c.model.Opset() < 13 {
		fallback = 1
	}
	a, err := c.node.Int("axis", fallback)
	if err != nil {
		return err
	}
	axis, ok := x.axis(a)
	if !ok {
		return c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
	}
	if c.model.Opset() < 13 {
		return c.flatRows(c.as(x, false), a, put)
	}
	put("", x, axis)
	return nil
}

// flatRows takes all axes from the given one on for one.
func (c *call) flatRows(x *value, a int, put rowLayer) error {
	axis, _ := x.axis(a)
	if ones(x.shape[axis+1:]) {
		put("", x, axis)
		return nil
	}
	rows, ok := rowsFrom(x.shape, axis)
	back, known := backFrom(x.shape, axis)
	if !ok || !known {
		return c.unknown("more than one of its input's extents is not known")
	}
	flat := c.between("/rows", one{layer: layer.Reshape{Shape: rows}, in: []*value{x}, transforms: []string{"all elements from the axis on as one row"}})
	y := put("/row", flat, 1)
	return c.emit(one{layer: layer.Reshape{Shape: back}, in: []*value{y}, shape: x.shape})
}

// backFrom states a shape for a Reshape of rows, which keeps a batch that is not known if each of its elements is a row.
func backFrom(s tensor.Shape, axis int) ([]int, bool) {
	back := s.Clone()
	if axis == 1 {
		back[0] = max(back[0], 0)
	}
	list, ok := oneFree(back[1:])
	return append(back[:1:1], list...), ok && (back[0] >= 0 || known(back[1:]))
}

// known tells whether all extents are known.
func known(s tensor.Shape) bool {
	_, ok := s.CheckedLen()
	return ok
}

// rowsFrom states the shape [rows, columns] for a Reshape: the product of the extents before an axis and of those from it on.
func rowsFrom(s tensor.Shape, axis int) ([]int, bool) {
	switch {
	case axis == 1:
		return []int{0, -1}, true
	case known(s[:axis]):
		return []int{s[:axis].Len(), -1}, true
	case known(s[axis:]):
		return []int{-1, s[axis:].Len()}, true
	}
	return nil, false
}
