package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// reshape is Reshape with a shape that is known while lowering.
func reshape(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	shape, known, err := c.targetShape()
	if err != nil || !known {
		return c.unlessErr(err, "its shape is not constant")
	}
	target, ok := reshapeTarget(shape, x)
	if !ok {
		return c.unknown("its shape is not known before something is fed")
	}
	return c.reshape(x, target)
}

// targetShape reads the shape to reshape to: an attribute in the first version, then an input. With allowzero a 0 stands for
// no cells, which is not computed here, else for the input's own extent.
func (c *call) targetShape() ([]int, bool, error) {
	shape, stated, known, err := c.axes("shape", 1)
	if err != nil {
		return nil, false, err
	}
	empty, err := c.node.Bool("allowzero", false)
	return slices.Clone(shape), stated && known && !(empty && slices.Contains(shape, 0)), err
}

// reshapeTarget states a shape as layer.Reshape does: a 0 keeps the input's extent at that place, at most one -1 is what is
// left. A batch that is taken from the input's own shape becomes 0.
func reshapeTarget(shape []int, x *value) ([]int, bool) {
	target := slices.Clone(shape)
	stored := x.stored()
	free := 0
	for i, d := range target {
		switch {
		case d == 0 && i > 0 && i < len(stored) && stored[i] > 0:
			target[i] = stored[i] // as the axis may be another one here
		case d == 0 && i > 0 && x.nhwc:
			return nil, false
		case d == 0 && i >= len(stored) && stored != nil, d < -1 && d != unknownExtent:
			return nil, false
		case d == unknownExtent:
			target[i] = -1
			free++
		case d == -1:
			free++
		}
	}
	if free > 1 && shape[0] == unknownExtent && len(stored) > 0 && stored[0] < 0 {
		target[0] = 0
		free--
	}
	return target, free <= 1
}

// reshape reads the elements in ONNX's order under another shape, which is given in ONNX's order too.
func (c *call) reshape(x *value, target []int) error {
	if !x.nhwc || !keepsOrder(x.shape, fromCommon) {
		x = c.as(x, false)
	}
	return c.emit(one{layer: layer.Reshape{Shape: target}, in: []*value{x}, shape: stated(target)})
}

// stated is the shape that a target says; 0 and -1 are unknown.
func stated(target []int) tensor.Shape {
	s := tensor.Shape(target).Clone()
	for i, d := range s {
		if d == 0 {
			s[i] = -1
		}
	}
	return s
}

// reshapeTo reshapes to a shape with extents that may be unknown. An unknown batch that stays where it is is kept by 0.
func (c *call) reshapeTo(x *value, shape tensor.Shape, batchStays bool) error {
	target := []int(shape.Clone())
	if batchStays && len(target) > 0 && target[0] < 0 {
		target[0] = 0
	}
	free := 0
	for i, d := range target {
		if d < 0 {
			free++
		}
		if d == 0 && i > 0 {
			free = len(target) + 1 // no elements
		}
	}
	if free > 1 {
		return c.unknown("more than one of its extents is not known")
	}
	return c.reshape(x, target)
}
