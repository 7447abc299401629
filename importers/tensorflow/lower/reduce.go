package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// reduction lowers an operation that makes one number of all along some axes.
func reduction(r layer.Reducer) func(*call) error {
	return func(c *call) error { return c.reduce(r) }
}

func (c *call) reduce(r layer.Reducer) error {
	keep, err := c.node.Bool("keep_dims")
	if err != nil {
		return err
	}
	x, axes, err := c.reduced(keep)
	if x == nil {
		return err
	}
	return c.emit(one{layer: layer.Reduce{Reducer: r, Axes: axes, Keep: keep}, in: []*value{x}, nhwc: keep && x.nhwc})
}

// reduced reads the value and the axes of a reduction. The value is nil where they are not known; that is lowered, or an error, then.
func (c *call) reduced(keep bool) (*value, []int, error) {
	x, ok := c.operand(0)
	list, constant := c.integers(1)
	switch {
	case !ok:
		return nil, nil, c.unknown("its input is computed in a way that is not known")
	case !constant:
		return nil, nil, c.unknown("its axes are not constant")
	case x.rank() < 0:
		return nil, nil, c.unknown("its input's dimensions are not known")
	}
	var axes []int
	for _, a := range list {
		i, ok := x.axis(a)
		if !ok || slices.Contains(axes, i) {
			return nil, nil, c.node.Errorf("its axes %v should be different ones of %v", list, x.stored())
		}
		axes = append(axes, i)
	}
	if !keep {
		x, axes = c.withoutAxes(x, axes)
	}
	return x, axes, nil
}

// withoutAxes puts a feature map into TensorFlow's order where the axes that stay when some are dropped are in another one.
func (c *call) withoutAxes(x *value, axes []int) (*value, []int) {
	if !x.nhwc {
		return x, axes
	}
	var stay []int
	for _, a := range fromCommon { // as TensorFlow has them
		if !slices.Contains(axes, a) {
			stay = append(stay, a)
		}
	}
	if keepsOrder(x.shape, stay) {
		return x, axes
	}
	stored := make([]int, len(axes))
	for i, a := range axes {
		stored[i] = slices.Index(fromCommon, a)
	}
	return c.as(x, false), stored
}

// mean is a global average pool where it goes over the two spatial axes of a feature map.
func mean(c *call) error {
	t, err := c.node.Type("T")
	if err != nil {
		return err
	}
	if t != 0 && !t.IsFloat() {
		return c.wholeMean(layer.Number(t.String()))
	}
	x, ok := c.data(0)
	axes, constant := c.integers(1)
	if !ok || !constant || !spatial(x, axes) {
		return c.reduce(layer.ReduceMean)
	}
	keep, err := c.node.Bool("keep_dims")
	if err != nil {
		return err
	}
	l := layer.AveragePool{Pool: layer.Pool{Global: true}}
	if keep {
		return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc})
	}
	pooled := c.between("/pool", l, x, x.nhwc, "mean over height and width, which stay as one cell")
	return c.emit(one{layer: layer.Reshape{Shape: []int{0, -1}}, in: []*value{pooled}})
}

// wholeMean is the mean of integers, whose fraction is cut off.
func (c *call) wholeMean(t layer.Number) error {
	keep, err := c.node.Bool("keep_dims")
	if err != nil {
		return err
	}
	x, axes, err := c.reduced(keep)
	if x == nil {
		return err
	}
	nhwc := keep && x.nhwc
	m := c.between("/mean", layer.Reduce{Reducer: layer.ReduceMean, Axes: axes, Keep: keep}, x, nhwc, "the mean with its fraction")
	return c.emit(one{layer: layer.Cast{To: t, From: layer.Float64}, in: []*value{m}, nhwc: nhwc})
}

func spatial(x *value, axes []int) bool {
	if x.rank() != 4 || len(axes) != 2 {
		return false
	}
	var common []int
	for _, a := range axes {
		i, ok := x.axis(a)
		if !ok {
			return false
		}
		common = append(common, i)
	}
	slices.Sort(common)
	return slices.Equal(common, []int{2, 3})
}

// l2Loss is half the sum of the squares of all elements.
func l2Loss(c *call) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is computed in a way that is not known")
	}
	if x.rank() == 0 {
		x = c.between("/vector", layer.Reshape{Shape: []int{1}}, x, false, "a number as a vector")
	}
	return c.emit(one{layer: layer.Reduction{Statistic: layer.ReductionSquares, Factor: 0.5}, in: []*value{x}, shape: tensor.Shape{}})
}

// argExtreme finds the index of the largest or smallest number along an axis.
func argExtreme(least bool) func(*call) error {
	return func(c *call) error {
		x, ok := c.operand(0)
		if !ok || x.rank() < 0 || len(c.in) != 2 {
			return c.unknown("its input's dimensions are not known")
		}
		a, ok := c.number(c.in[1])
		if !ok {
			return c.unknown("its axis is not constant")
		}
		axis, ok := x.axis(a)
		if !ok {
			return c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
		}
		x, axes := c.withoutAxes(x, []int{axis})
		return c.emit(one{layer: layer.ArgExtreme{Axis: axes[0], Least: least}, in: []*value{x}})
	}
}
