package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// softmax works along one axis since version 13, by default the last. Before that it took all elements from an axis on, by
// default the second, for one row.
func softmax(c *call) error {
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
		return c.softmaxOfRows(c.as(x, false), a)
	}
	return c.emit(one{layer: layer.Softmax{Axis: axis}, in: []*value{x}, nhwc: x.nhwc})
}

// softmaxOfRows is a softmax over all axes from the given one on.
func (c *call) softmaxOfRows(x *value, a int) error {
	axis, _ := x.axis(a)
	if ones(x.shape[axis+1:]) {
		return c.emit(one{layer: layer.Softmax{Axis: axis}, in: []*value{x}})
	}
	rows, ok := rowsFrom(x.shape, axis)
	back, known := backFrom(x.shape, axis)
	if !ok || !known {
		return c.unknown("more than one of its input's extents is not known")
	}
	flat := c.between("/rows", one{layer: layer.Reshape{Shape: rows}, in: []*value{x}, transforms: []string{"all elements from the axis on as one row"}})
	y := c.between("/softmax", one{layer: layer.Softmax{Axis: 1}, in: []*value{flat}})
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
