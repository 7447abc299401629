package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/keras/config"
)

// joined is an operation on two operands, of which one may be numbers that stand in the model's description.
func joined(o layer.Operation) func(*call) (*value, error) {
	return func(c *call) (*value, error) {
		in, why, err := c.operands()
		if err != nil || why != "" {
			return c.unless(err, why)
		}
		for _, x := range in {
			if x.shape == nil || len(x.shape) > 1 && (len(x.shape) != len(c.in[0].shape) || x.nhwc != c.in[0].nhwc) {
				return c.unknown("its inputs differ in the number of their axes")
			}
		}
		return c.emit(c.name, layer.Binary{Operation: o}, nil, in...), nil
	}
}

// operands are both operands in their order.
func (c *call) operands() (in []*value, why string, err error) {
	constants := c.constants
	if y, ok := c.arguments["y"]; ok && len(c.in) == 1 && len(constants) == 0 {
		constants = map[int]any{1: y}
	}
	if len(c.in)+len(constants) != 2 {
		return nil, "", c.layer.Errorf("it takes 2 operands, found %d", len(c.in)+len(constants))
	}
	in = slices.Clone(c.in)
	for at, v := range constants {
		k, ok := c.constant(v)
		if !ok {
			return nil, "its constant is neither a number nor one for each channel", nil
		}
		in = slices.Insert(in, min(at, 1), k)
	}
	return in, "", nil
}

// constant is a number, or one for each channel of a map.
func (c *call) constant(v any) (*value, bool) {
	list, x := numbers(v, nil), c.in[0]
	shape := tensor.Shape{}
	switch _, single := v.(float64); {
	case single:
	case len(list) > 0 && len(x.shape) == 2 && len(list) == x.shape[1]:
		shape = tensor.Shape{len(list)}
	case len(list) > 0 && x.nhwc && len(list) == x.shape[1]:
		shape = tensor.Shape{1, len(list), 1, 1}
	default:
		return nil, false
	}
	p := &graph.Param{Name: c.name + "/constant", Value: tensor.From(list, shape...)}
	return c.between("constant", layer.Constant{Shape: shape}, []*graph.Param{p}), true
}

// reduced makes one number of what some axes hold, all but the batch's unless they are told.
func reduced(r layer.Reducer) func(*call) (*value, error) {
	return func(c *call) (*value, error) {
		x := c.in[0]
		keep, _ := c.setting("keepdims").(bool)
		listed, ok := c.reducedAxes()
		if !ok {
			return c.unknown("its axes are not known, or the batch is among them")
		}
		maps := slices.Equal(listed, []int{1, 2}) || slices.Equal(listed, []int{1, 2, 3})
		if !keep && !maps { // what is left has Keras's order of axes
			x = c.reordered(x, false)
		}
		axes := make([]int, len(listed))
		for i, a := range listed {
			axes[i], _ = x.axis(a)
		}
		return c.emit(c.name, layer.Reduce{Reducer: r, Axes: axes, Keep: keep}, nil, x), nil
	}
}

// reducedAxes are the axes to reduce, in rising order.
func (c *call) reducedAxes() ([]int, bool) {
	rank := len(c.in[0].shape)
	told := &config.Layer{Settings: config.Settings{"axis": c.setting("axis")}}
	list, err := told.Ints("axis")
	if err != nil || len(list) == 0 || rank == 0 {
		return nil, false
	}
	list = slices.Clone(list)
	for i, a := range list {
		if a < 0 {
			list[i] = a + rank
		}
	}
	slices.Sort(list)
	return list, list[0] >= 1 && list[len(list)-1] < rank && len(slices.Compact(slices.Clone(list))) == len(list)
}
