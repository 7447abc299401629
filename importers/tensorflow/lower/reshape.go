package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// reshape is Reshape with a shape that is known while lowering.
func reshape(c *call) error {
	x, ok := c.operand(0)
	shape, known := c.integers(1)
	if !ok || !known {
		return c.unknown("its shape is not constant")
	}
	if x.rank() < 0 && x.nhwc { // whether to put the elements in another order depends on it
		return c.unknown("its input's dimensions are not known")
	}
	target, ok := reshapeTarget(shape, x)
	if !ok {
		return c.unknown("its shape is not constant")
	}
	if err := c.reshape(x, target); err != nil {
		return err
	}
	last := c.out.Nodes[len(c.out.Nodes)-1]
	last.Origin.Nodes = append(c.shapeNodes(), last.Origin.Nodes...)
	return nil
}

// shapeNodes lists, in order, the nodes that compute the shape, as where Keras flattens: they are part of the layer.
func (c *call) shapeNodes() []string {
	var list []string
	seen := map[ref]bool{}
	var visit func(r ref)
	visit = func(r ref) {
		v := c.values[r]
		if seen[r] || len(list) > maxShapeNodes || v == nil || v.known == nil || constantOps[r.node.Op] {
			return
		}
		seen[r] = true
		for _, in := range c.net.inputs[r.node] {
			visit(in)
		}
		if !slices.Contains(list, r.node.Name) {
			list = append(list, r.node.Name)
		}
	}
	visit(c.in[1].ref)
	return list
}

// maxShapeNodes is about how many nodes an origin lists.
const maxShapeNodes = 16

// reshapeTarget states a shape as layer.Reshape does: at most one -1 for what is left. A batch that is taken from the
// input's own shape becomes 0, which keeps it.
func reshapeTarget(shape []int, x *value) ([]int, bool) {
	target := slices.Clone(shape)
	free := 0
	for i, d := range target {
		if d == 0 { // a tensor without elements; the common 0 means something else
			return nil, false
		}
		if d == unknownExtent {
			target[i] = -1
		}
		if target[i] < -1 {
			return nil, false
		}
		if target[i] == -1 {
			free++
		}
	}
	if free > 1 && shape[0] == unknownExtent && x.rank() > 0 && x.extent(0) < 0 {
		target[0] = 0
		free--
	}
	return target, free <= 1
}

// squeeze drops axes of one cell: those that are named, or all.
func squeeze(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	axes, err := c.node.Ints("squeeze_dims")
	if err != nil {
		return err
	}
	stored := x.stored()
	drop := make([]bool, len(stored))
	for _, a := range axes {
		if a < 0 {
			a += len(stored)
		}
		if a < 0 || a >= len(stored) || stored[a] > 1 {
			return c.node.Errorf("it cannot drop axis %d of %v", a, stored)
		}
		drop[a] = true
	}
	var target []int
	for i, d := range stored {
		if len(axes) == 0 && d < 0 && i > 0 {
			return c.unknown("which axes have one cell is not known")
		}
		if !drop[i] && (len(axes) > 0 || d != 1) {
			target = append(target, c.extent(i, len(target), d))
		}
	}
	return c.reshapeIfKnown(x, target)
}

// expandDims puts in an axis of one cell.
func expandDims(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	if len(c.in) != 2 {
		return c.node.Errorf("it takes a value and an axis, found %d inputs", len(c.in))
	}
	a, ok := c.number(c.in[1])
	if !ok {
		return c.unknown("its axis is not constant")
	}
	stored := x.stored()
	if a < 0 {
		a += len(stored) + 1
	}
	if a < 0 || a > len(stored) {
		return c.node.Errorf("it cannot put an axis in at %d of %v", a, stored)
	}
	target := make([]int, 0, len(stored)+1)
	for i, d := range stored {
		if i == a {
			target = append(target, 1)
		}
		target = append(target, c.extent(i, len(target), d))
	}
	if a == len(stored) {
		target = append(target, 1)
	}
	return c.reshapeIfKnown(x, target)
}

// extent states the extent of axis from that goes to place to: an unknown batch that stays where it is is kept by 0.
func (c *call) extent(from, to, d int) int {
	if d < 0 && from == 0 && to == 0 {
		return 0
	}
	return d
}

func (c *call) reshapeIfKnown(x *value, target []int) error {
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

// reshape reads the elements in TensorFlow's order under another shape, which is given in TensorFlow's order too.
func (c *call) reshape(x *value, target []int) error {
	x = c.inStoredOrder(x)
	result := len(target) == 4 && c.resultFormat() == nhwc
	if !result {
		return c.emit(one{layer: layer.Reshape{Shape: target}, in: []*value{x}, shape: declared(target)})
	}
	if shape := declared(target); keepsOrder(shape, toCommon) {
		return c.emit(one{layer: layer.Reshape{Shape: permuted(target)}, in: []*value{x}, nhwc: true, shape: permuteShape(shape, toCommon)})
	}
	whole := c.between("/NHWC", layer.Reshape{Shape: target}, x, false, "reshaped in TensorFlow's order of elements")
	if whole.shape == nil {
		whole.shape = declared(target)
	}
	return c.emit(one{layer: layer.Permute{Axes: slices.Clone(toCommon)}, in: []*value{whole}, nhwc: true, transforms: []string{"then NHWC to NCHW"}})
}

func permuted(target []int) []int { return permuteShape(target, toCommon) }

// declared is the shape that a target says; 0 and -1 are unknown.
func declared(target []int) tensor.Shape {
	s := tensor.Shape(target).Clone()
	for i, d := range s {
		if d == 0 {
			s[i] = -1
		}
	}
	return s
}

// inStoredOrder permutes a feature map to TensorFlow's order of elements unless that moves none.
func (c *call) inStoredOrder(x *value) *value {
	if x.nhwc && x.shape != nil && keepsOrder(x.shape, fromCommon) {
		return x
	}
	return c.as(x, false)
}

// resultFormat is how the readers of this node take its axes.
func (c *call) resultFormat() format {
	f, told := c.net.formatRead(c.node)
	if !told {
		return nhwc
	}
	return f
}
