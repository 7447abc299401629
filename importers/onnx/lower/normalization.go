package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// instanceNormalization normalises every channel of every image by its own mean and variance, then scales and shifts.
func instanceNormalization(c *call) error {
	x, ok := c.data(0)
	epsilon, err := c.node.Float("epsilon", 1e-5)
	if err != nil || !ok || x.rank() < 2 {
		return c.unlessErr(err, "its input's dimensions are not known")
	}
	x = c.as(x, false)
	scale, constant, err := c.outputBias(1, x.extent(1))
	if err != nil || !constant || len(scale) == 0 || x.extent(1) < 0 {
		return c.unlessErr(err, "its scale is not constant")
	}
	bias, constant, err := c.outputBias(2, x.extent(1))
	if err != nil || !constant || len(bias) == 0 {
		return c.unlessErr(err, "its bias is not constant")
	}
	normal := c.on("/normal", x, layer.MVN{Axis: 2, Variance: true, Epsilon: epsilon, Inside: true})
	return c.emit(one{layer: layer.Scale{Axis: 1, Bias: true}, in: []*value{normal}, params: append(scale, bias...)})
}

// layerNormalization normalises all elements from an axis on, then scales and shifts. Further outputs are the mean and the
// reciprocal of the standard deviation, with the axes as one cell each.
func layerNormalization(c *call) error {
	x, ok := c.data(0)
	epsilon, err := c.node.Float("epsilon", 1e-5)
	if err != nil || !ok || x.rank() < 1 {
		return c.unlessErr(err, "its input's dimensions are not known")
	}
	a, err := c.node.Int("axis", -1)
	if err != nil {
		return err
	}
	x = c.as(x, false)
	axis, ok := x.axis(a)
	if !ok {
		return c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
	}
	scale, ok, err := c.value(1)
	if err != nil || !ok {
		return c.unlessErr(err, "its scale is no number")
	}
	bias, shifts, err := c.value(2)
	if err != nil {
		return err
	}
	normal := c.on("/normal", x, layer.MVN{Axis: axis, Variance: true, Epsilon: epsilon, Inside: true})
	product := ""
	if shifts {
		product = "/scaled"
	}
	y := c.together(product, layer.Binary{Operation: layer.Product}, x.dtype, normal, scale)
	if shifts {
		c.together("", layer.Binary{Operation: layer.Sum}, x.dtype, y, bias)
	}
	c.statistics(x, axis, epsilon)
	return nil
}

// statistics appends the further outputs of a layerNormalization that are read.
func (c *call) statistics(x *value, axis int, epsilon float64) {
	axes := counting(x.rank())[axis:]
	average := one{layer: layer.Reduce{Reducer: layer.ReduceMean, Axes: axes, Keep: true}, in: []*value{x}}
	if !c.wanted(1) && !c.wanted(2) {
		return
	}
	mean := c.further(1, average)
	if !c.wanted(2) {
		return
	}
	distances := c.together("/squares", layer.Binary{Operation: layer.SquaredDifference}, 0, x, mean)
	variance := c.reduce("/variance", layer.ReduceMean, distances, axes, true)
	c.further(2, one{layer: layer.Unary{Function: layer.Rsqrt}, in: []*value{c.on("/shifted", variance, layer.Power{Power: 1, Scale: 1, Shift: epsilon})}})
}

// wanted tells whether output i is read.
func (c *call) wanted(i int) bool {
	return i < len(c.node.Outputs) && slices.Contains(c.readOutputs(), c.node.Outputs[i])
}

// further appends a layer that writes output i; the value has another name where the node leaves it out.
func (c *call) further(i int, o one) *value {
	name := c.outputs(i + 1)[i]
	return c.append(c.unusedNode(name), name, o)
}

// outputs names the first n outputs, those too that the node leaves out.
func (c *call) outputs(n int) []string {
	list := slices.Clone(c.node.Outputs[:min(n, len(c.node.Outputs))])
	for len(list) < n {
		list = append(list, "")
	}
	for i, name := range list {
		if name == "" {
			list[i] = c.unused(c.node.Outputs[0] + "/further")
		}
	}
	return list
}

// meanVarianceNormalization makes the mean along some axes 0 and the standard deviation 1, of which 1e-9 keeps from 0.
func meanVarianceNormalization(c *call) error {
	x, ok := c.data(0)
	axes, err := c.node.Ints("axes", 0, 2, 3)
	if err != nil || !ok || x.rank() < 0 {
		return c.unlessErr(err, "its input's dimensions are not known")
	}
	x = c.as(x, false)
	var kept, gone []int
	for i := range x.rank() {
		if slices.Contains(axes, i) || slices.Contains(axes, i-x.rank()) {
			gone = append(gone, i)
		} else {
			kept = append(kept, i)
		}
	}
	if len(gone) != len(axes) {
		return c.node.Errorf("its axes %v do not exist in %v", axes, x.stored())
	}
	order := append(kept, gone...)
	l := layer.MVN{Axis: len(kept), Variance: true, Epsilon: 1e-9}
	if slices.IsSorted(order) {
		return c.emitOn(x, l)
	}
	sorted := c.between("/sorted", one{layer: layer.Permute{Axes: order}, in: []*value{x}, transforms: []string{"the axes to normalise last"}})
	back := make([]int, len(order))
	for i, a := range order {
		back[a] = i
	}
	return c.emit(one{layer: layer.Permute{Axes: back}, in: []*value{c.on("/normal", sorted, l)}, transforms: []string{"the axes in their order"}})
}

// lpNormalization divides by the sum of the magnitudes along an axis, or by the root of the sum of the squares; by 0, nothing is
// left.
func lpNormalization(c *call) error {
	x, ok := c.data(0)
	p, err := c.node.Int("p", 2)
	if err != nil || !ok || x.rank() < 0 {
		return c.unlessErr(err, "its input's dimensions are not known")
	}
	a, err := c.node.Int("axis", -1)
	if err != nil {
		return err
	}
	axis, ok := x.axis(a)
	if !ok || p != 1 && p != 2 {
		return c.node.Errorf("its axis %d should exist in %v, and its p be 1 or 2, found %d", a, x.stored(), p)
	}
	norm := c.norm("/norm", p, x, []int{axis}, true)
	c.together("", layer.Binary{Operation: layer.SafeQuotient}, x.dtype, x, norm)
	return nil
}

// norm is the p-th root of the sum of the p-th powers of the magnitudes.
func (c *call) norm(suffix string, p int, x *value, axes []int, keep bool) *value {
	switch p {
	case 1:
		return c.reduce(suffix, layer.ReduceSum, c.on("/magnitudes", x, layer.Abs{}), axes, keep)
	case 2:
		return c.reduce(suffix, layer.ReduceNorm, x, axes, keep)
	}
	powers := c.on("/powers", c.on("/magnitudes", x, layer.Abs{}), layer.Power{Power: float64(p), Scale: 1})
	return c.on(suffix, c.reduce("/sum", layer.ReduceSum, powers, axes, keep), layer.Power{Power: 1 / float64(p), Scale: 1})
}

// globalLpPool is the norm of every channel.
func globalLpPool(c *call) error {
	x, ok := c.data(0)
	p, err := c.node.Int("p", 2)
	if err != nil || !ok || x.rank() < 3 || p < 1 {
		return c.unlessErr(err, "its input's dimensions are not known, or its p is no positive integer")
	}
	x = c.as(x, false)
	c.norm("", p, x, counting(x.rank())[2:], true)
	return nil
}

// trainingBatchNormalization normalises by the statistics of the batch. Further outputs are the running statistics: momentum times
// what they were, and the rest of the batch's.
func (c *call) trainingBatchNormalization(x *value, epsilon float64) error {
	if x = c.as(x, false); x.rank() < 2 || x.extent(1) < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	momentum, err := c.node.Float("momentum", 0.9)
	if err != nil {
		return err
	}
	in, ok, err := c.all()
	if err != nil || !ok {
		return c.unlessErr(err, "its statistics are no numbers")
	}
	axes := append([]int{0}, counting(x.rank())[2:]...)
	column := make([]int, x.rank()-1)
	for i := range column {
		column[i] = 1
	}
	column[0] = x.extent(1)
	channels := func(suffix string, v *value) *value {
		return c.between(suffix, one{layer: layer.Reshape{Shape: column}, in: []*value{v}, transforms: []string{"a number for each channel"}})
	}
	mean := c.reduce("/mean", layer.ReduceMean, x, axes, false)
	distance := c.together("/distance", layer.Binary{Operation: layer.Difference}, x.dtype, x, channels("/mean of channels", mean))
	variance := c.reduce("/variance", layer.ReduceMean, c.on("/squares", distance, square), axes, false)
	root := c.on("/deviation", c.on("/shifted", variance, layer.Power{Power: 1, Scale: 1, Shift: epsilon}), layer.Unary{Function: layer.Sqrt})
	normal := c.together("/normal", layer.Binary{Operation: layer.Quotient}, x.dtype, distance, channels("/deviation of channels", root))
	scaled := c.together("/scaled", layer.Binary{Operation: layer.Product}, x.dtype, normal, channels("/scale of channels", in[1]))
	c.together("", layer.Binary{Operation: layer.Sum}, x.dtype, scaled, channels("/bias of channels", in[2]))
	for i, batch := range []*value{mean, variance} {
		if c.wanted(i + 1) {
			c.further(i+1, one{layer: layer.Eltwise{Coefficients: []float64{momentum, 1 - momentum}}, in: []*value{in[3+i], batch}})
		}
	}
	return nil
}

// weightsOf returns a constant as parameters of a shape; none if the input is left out.
func (c *call) weightsOf(i int, shape tensor.Shape) (list []param, ok bool, err error) {
	if c.omitted(i) {
		return nil, true, nil
	}
	k, constant := c.weights(i)
	if !constant {
		return nil, false, nil
	}
	if !k.shape.Equal(shape) {
		return nil, false, c.node.Errorf("its input %d should have the shape %v, found %v", i+1, shape, k.shape)
	}
	p, err := c.param(k, shape...)
	return []param{p}, err == nil, err
}
