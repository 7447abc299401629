package lower

import (
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// groupNormalization normalises the channels of each group together, for every image by itself.
func groupNormalization(c *call) (*value, error) {
	x := c.in[0]
	along, err := c.channels(x)
	if err != nil || !along || x.shape[1] < 1 {
		return c.unless(err, "it does not go over the channels")
	}
	groups, err := c.layer.Int("groups", 32)
	if err != nil {
		return nil, err
	}
	n := x.shape[1]
	if groups == -1 {
		groups = n
	}
	if groups < 1 || n%groups != 0 {
		return nil, c.layer.Errorf("its %d groups do not divide %d channels", groups, n)
	}
	epsilon, err := c.layer.Float("epsilon", 1e-3)
	if err != nil {
		return nil, err
	}
	split, whole := []int{0, groups, n / groups}, []int{0, n}
	ones := make([]int, len(x.shape)-2)
	for i, extent := range x.shape[2:] {
		if extent < 0 {
			return c.unknown("the extent of its input is not known")
		}
		split, whole, ones[i] = append(split, extent), append(whole, extent), 1
	}
	perChannel := turn{to: func(t tensor.Any) tensor.Any {
		return tensor.ReshapeAny(t, append(tensor.Shape{groups, n / groups}, ones...)...)
	}}
	gamma, beta, err := c.trained(wanted{n}, perChannel)
	if err != nil {
		return nil, err
	}
	axes := make([]int, len(split)-2)
	for i := range axes {
		axes[i] = 2 + i
	}
	y := c.standardised(c.unused(c.name+"/normal"), c.between("groups", layer.Reshape{Shape: split}, nil, x), axes, epsilon, gamma, beta)
	return c.emit(c.name, layer.Reshape{Shape: whole}, nil, y), nil
}

// layerNormalization normalises what some axes hold together.
func layerNormalization(c *call) (*value, error) {
	x := c.in[0]
	if x.shape == nil {
		return c.unknown("the shape of its input is not known")
	}
	if rms, err := c.layer.Bool("rms_scaling", false); err != nil || rms {
		return c.unless(err, "it has rms_scaling")
	}
	epsilon, err := c.layer.Float("epsilon", 1e-3)
	if err != nil {
		return nil, err
	}
	listed, err := c.axes()
	if err != nil {
		return nil, err
	}
	stored := c.stored(x)
	broadcast, shape, axes := make(tensor.Shape, len(stored)-1), wanted{}, make([]int, len(listed))
	for i := range broadcast {
		broadcast[i] = 1
	}
	for i, a := range listed {
		axes[i], _ = x.axis(a)
		broadcast[a-1], shape = stored[a], append(shape, stored[a])
	}
	turned := turn{to: func(t tensor.Any) tensor.Any { return tensor.ReshapeAny(t, broadcast...) }}
	if x.nhwc {
		turned.to = func(t tensor.Any) tensor.Any { return tensor.PermuteAny(tensor.ReshapeAny(t, broadcast...), 2, 0, 1) }
	}
	gamma, beta, err := c.trained(shape, turned)
	if err != nil {
		return nil, err
	}
	return c.standardised(c.name, x, axes, epsilon, gamma, beta), nil
}

// axes are those of the setting axis, in Keras's order, which must be rising and without the batch.
func (c *call) axes() ([]int, error) {
	list, err := c.layer.Ints("axis")
	if list == nil && err == nil {
		list = []int{-1}
	}
	if err != nil {
		return nil, err
	}
	rank := len(c.in[0].shape)
	list = slices.Clone(list)
	for i, a := range list {
		if a < 0 {
			list[i] = a + rank
		}
		if list[i] < 1 || list[i] >= rank || i > 0 && list[i] <= list[i-1] {
			return nil, c.layer.Errorf("its axes %v should be rising ones of the %d of its input, the batch left out", list, rank)
		}
	}
	return list, nil
}

// trained reads gamma and beta as values, nil for what the layer does without.
func (c *call) trained(shape wanted, turn turn) (gamma, beta *value, err error) {
	for _, p := range []struct {
		setting, name string
		to            **value
	}{{"scale", "gamma", &gamma}, {"center", "beta", &beta}} {
		used, err := c.layer.Bool(p.setting, true)
		if err != nil {
			return nil, nil, err
		}
		if !used {
			continue
		}
		weight, err := c.param([]string{p.name}, shape, turn)
		if err != nil {
			return nil, nil, err
		}
		*p.to = c.weightValue(p.name, weight)
	}
	return gamma, beta, nil
}

// weightValue is a weight as a value. One that is missing is of unknown shape.
func (c *call) weightValue(suffix string, p *graph.Param) *value {
	if p == nil {
		return c.between(suffix, layer.Unknown{Op: "Weight"}, nil)
	}
	return c.between(suffix, layer.Constant{Shape: p.Value.Dims().Clone()}, []*graph.Param{p})
}

// standardised makes the mean along some axes 0 and the variance 1, then scales and shifts, the way TensorFlow writes it: with
// inv = gamma / sqrt(variance + epsilon), it is x inv + (beta - mean inv), whose rounding errors grow with the mean.
func (c *call) standardised(name string, x *value, axes []int, epsilon float64, gamma, beta *value) *value {
	mean := c.between("mean", layer.Reduce{Reducer: layer.ReduceMean, Axes: axes, Keep: true}, nil, x)
	squares := c.between("squares", layer.Binary{Operation: layer.SquaredDifference}, nil, x, mean)
	variance := c.between("variance", layer.Reduce{Reducer: layer.ReduceMean, Axes: axes, Keep: true}, nil, squares)
	inverse := c.between("inverse", layer.Unary{Function: layer.Rsqrt}, nil, c.between("shifted", layer.Power{Power: 1, Scale: 1, Shift: epsilon}, nil, variance))
	if gamma != nil {
		inverse = c.between("scale", layer.Binary{Operation: layer.Product}, nil, inverse, gamma)
	}
	offset := c.between("offset", layer.Binary{Operation: layer.Product}, nil, c.between("-mean", layer.Power{Power: 1, Scale: -1}, nil, mean), inverse)
	if beta != nil {
		offset = c.between("shift", layer.Binary{Operation: layer.Sum}, nil, offset, beta)
	}
	return c.emit(name, layer.Binary{Operation: layer.Sum}, nil, c.between("scaled", layer.Binary{Operation: layer.Product}, nil, x, inverse), offset)
}

// unitNormalization divides by the root of the sum of the squares along some axes.
func unitNormalization(c *call) (*value, error) {
	if c.in[0].shape == nil {
		return c.unknown("the shape of its input is not known")
	}
	listed, err := c.axes()
	if err != nil {
		return nil, err
	}
	return c.unit(c.name, c.in[0], listed), nil
}

// leastNorm is what the norm counts as at least.
const leastNorm = 1e-12

// unit divides by the norm along axes of Keras's. Keras 2 keeps the sum of the squares from 0, Keras 3 the factor from infinity,
// where the norm is below the root of leastNorm, or leastNorm.
func (c *call) unit(name string, x *value, listed []int) *value {
	axes := make([]int, len(listed))
	for i, a := range listed {
		axes[i], _ = x.axis(a)
	}
	sum := c.between("sum", layer.Reduce{Reducer: layer.ReduceSum, Axes: axes, Keep: true}, nil, c.between("square", layer.Unary{Function: layer.Square}, nil, x))
	if c.model.Version < 3 {
		sum = c.between("bounded", layer.Clip{Min: leastNorm, Max: math.Inf(1)}, nil, sum)
	}
	factor := c.between("inverse", layer.Unary{Function: layer.Rsqrt}, nil, sum)
	if c.model.Version >= 3 {
		factor = c.between("bounded", layer.Clip{Min: math.Inf(-1), Max: 1 / leastNorm}, nil, factor)
	}
	return c.emit(name, layer.Binary{Operation: layer.Product}, nil, x, factor)
}
