package lower

import (
	"math"

	"parity/googlenet/layer"
	"parity/importers/onnx/model"
)

// reduction is what one of the Reduce operations makes of the elements along some axes: a function of each, a reducer, and a
// function of the result; nil for none.
type reduction struct {
	before  layer.Layer
	reducer layer.Reducer
	after   layer.Layer
}

var (
	logarithm = layer.Log{Base: math.E, Scale: 1}
	square    = layer.Unary{Function: layer.Square}
)

// lower puts a reduction in along the axes, which are an attribute in older versions and an input since.
func (r reduction) lower(c *call) error {
	x, axes, keep, err := c.reduced()
	if err != nil || x == nil {
		return c.unlessErr(err, "its input's dimensions, or the axes, are not known")
	}
	if r.reducer == layer.ReduceMean && !floating(x) {
		return c.unknown("it takes a mean of integers")
	}
	if len(axes) == 0 && r.before == nil && r.after == nil {
		return c.emitOn(x, layer.Identity{})
	}
	if r.before != nil {
		x = c.on("/each", x, r.before)
	}
	suffix := unwrapped(x)
	if r.after != nil {
		suffix = "/reduced"
	}
	x = c.reduce(suffix, r.reducer, x, axes, keep)
	if r.after != nil {
		return c.emitOn(x, r.after)
	}
	return c.wrap(x)
}

func floating(x *value) bool { return x.dtype == 0 || x.dtype.IsFloat() }

// reduced returns the input and the common axes that go; nil if they are not known. No axes are all, unless noop_with_empty_axes
// says that they are none.
func (c *call) reduced() (x *value, axes []int, keep bool, err error) {
	x, ok := c.data(0)
	if !ok || x.rank() < 0 {
		return nil, nil, false, nil
	}
	list, _, known, err := c.axes("axes", 1)
	if err != nil || !known {
		return nil, nil, false, err
	}
	if keep, err = c.node.Bool("keepdims", true); err != nil {
		return nil, nil, false, err
	}
	noop, err := c.node.Bool("noop_with_empty_axes", false)
	if err != nil {
		return nil, nil, false, err
	}
	if len(list) == 0 && !noop {
		list = counting(x.rank())
	}
	if !keep {
		x = c.as(x, false)
	}
	for _, a := range list {
		axis, ok := x.axis(a)
		if !ok {
			return nil, nil, false, c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
		}
		axes = append(axes, axis)
	}
	return x, axes, keep, nil
}

func (c *call) reduce(suffix string, r layer.Reducer, x *value, axes []int, keep bool) *value {
	return c.put(suffix, one{layer: layer.Reduce{Reducer: r, Axes: axes, Keep: keep}, in: []*value{x}, nhwc: x.nhwc && keep})
}

// reduceLogSumExp is log sum e^x as m + log sum e^(x-m), with the largest x as m, so that no exponential overflows.
func reduceLogSumExp(c *call) error {
	x, axes, keep, err := c.reduced()
	if err != nil || x == nil {
		return c.unlessErr(err, "its input's dimensions, or the axes, are not known")
	}
	largest := c.reduce("/largest", layer.ReduceMax, x, axes, true)
	distance := c.together("/distance", layer.Binary{Operation: layer.Difference}, 0, x, largest)
	total := c.reduce("/sum", layer.ReduceSum, c.on("/exp", distance, layer.Exp{Base: math.E, Scale: 1}), axes, keep)
	if !keep {
		largest = c.reduce("/largest", layer.ReduceMax, x, axes, false)
	}
	c.together("", layer.Binary{Operation: layer.Sum}, 0, c.on("/log", total, logarithm), largest)
	return nil
}

// argExtreme finds the place of the largest or smallest number along an axis.
func argExtreme(least bool) func(*call) error {
	return func(c *call) error {
		x, ok := c.data(0)
		if !ok || x.rank() < 0 {
			return c.unknown("its input's dimensions are not known")
		}
		keep, err := c.node.Bool("keepdims", true)
		if err != nil {
			return err
		}
		last, err := c.node.Bool("select_last_index", false)
		if err != nil {
			return err
		}
		a, err := c.node.Int("axis", 0)
		if err != nil {
			return err
		}
		x = c.as(x, false)
		axis, ok := x.axis(a)
		if !ok {
			return c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
		}
		place := one{layer: layer.ArgExtreme{Axis: axis, Least: least, Last: last}, in: []*value{x}, dtype: model.Int64}
		if !keep {
			return c.emit(place)
		}
		shape := x.shape.Clone()
		shape[axis] = 1
		return c.reshapeTo(c.between("/place", place), shape, axis > 0)
	}
}
