package lower

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// relu is max_value from there on, x from a threshold on, and below that slope (x - threshold).
func relu(c *call) (*value, error) {
	slope, err := c.layer.Float("negative_slope", 0)
	if err != nil {
		return nil, err
	}
	threshold, err := c.layer.Float("threshold", 0)
	if err != nil {
		return nil, err
	}
	largest, err := c.layer.Float("max_value", math.Inf(1))
	if err != nil {
		return nil, err
	}
	x, bounded := c.in[0], !math.IsInf(largest, 1)
	switch {
	case threshold == 0 && !bounded:
		return c.emit(c.name, layer.ReLU{Slope: slope}, nil, x), nil
	case threshold == 0 && slope == 0:
		return c.emit(c.name, layer.Clip{Max: largest}, nil, x), nil
	}
	name := func(last bool, suffix string) string {
		if last {
			return c.name
		}
		return c.unused(c.name + "/" + suffix)
	}
	above := c.above(name(!bounded && slope == 0, "above"), x, threshold)
	if bounded {
		above = c.emit(name(slope == 0, "bounded"), layer.Clip{Max: largest}, nil, above)
	}
	if slope == 0 {
		return above, nil
	}
	below := c.between("below", layer.ReLU{}, nil, c.between("turned", layer.Power{Power: 1, Scale: -1, Shift: threshold}, nil, x))
	return c.emit(c.name, layer.Eltwise{Coefficients: []float64{1, -slope}}, nil, above, below), nil
}

// above is x where it is greater than a threshold, and 0 elsewhere.
func (c *call) above(name string, x *value, threshold float64) *value {
	if threshold == 0 {
		return c.emit(name, layer.ReLU{}, nil, x)
	}
	mask := c.between("mask", layer.Threshold{Threshold: threshold}, nil, x)
	return c.emit(name, layer.Eltwise{Combination: layer.EltwiseProduct}, nil, x, mask)
}

// thresholdedReLU is of Keras 2.
func thresholdedReLU(c *call) (*value, error) {
	theta, err := c.layer.Float("theta", 1)
	if err != nil {
		return nil, err
	}
	return c.above(c.name, c.in[0], theta), nil
}

// leakyReLU's slope has changed its name with Keras 3.
func leakyReLU(c *call) (*value, error) {
	slope, err := c.layer.Float("alpha", 0.3)
	if c.layer.Settings["negative_slope"] != nil && err == nil {
		slope, err = c.layer.Float("negative_slope", 0.3)
	}
	if err != nil {
		return nil, err
	}
	return c.emit(c.name, layer.ReLU{Slope: slope}, nil, c.in[0]), nil
}

func elu(c *call) (*value, error) {
	alpha, err := c.layer.Float("alpha", 1)
	if err != nil {
		return nil, err
	}
	return c.emit(c.name, layer.ELU{Alpha: alpha}, nil, c.in[0]), nil
}

// prelu has a learned slope for each element, which some axes may share.
func prelu(c *call) (*value, error) {
	x := c.in[0]
	shared, err := c.layer.Ints("shared_axes")
	if err != nil {
		return nil, err
	}
	if len(x.shape) < 2 {
		return c.unknown("the shape of its input is not known")
	}
	stored := c.stored(x)[1:]
	for _, a := range shared {
		if a < 1 || a > len(stored) {
			return nil, c.layer.Errorf("its shared axis %d is not one of the %d of its input", a, len(stored))
		}
		stored[a-1] = 1
	}
	channels := x.shape[1]
	if tensor.Shape(stored).Len() == channels && channels > 0 { // and so only the channels have slopes of their own
		p, err := c.param([]string{"alpha"}, wanted(stored), slopes)
		return c.emitted(err, layer.PReLU{}, x, p)
	}
	alpha, err := c.parameter([]string{"alpha"}, wanted(stored), c.behindBatch(x))
	if err != nil || alpha == nil {
		return c.unless(err, "its slopes are not known")
	}
	below := c.between("below", layer.ReLU{}, nil, c.between("turned", layer.Power{Power: 1, Scale: -1}, nil, x))
	sloped := c.between("sloped", layer.Binary{Operation: layer.Product}, nil, below, alpha)
	return c.emit(c.name, layer.Eltwise{Coefficients: []float64{1, -1}}, nil, c.between("above", layer.ReLU{}, nil, x), sloped), nil
}

// stored is a value's shape in Keras's order of axes.
func (c *call) stored(x *value) tensor.Shape {
	if x.nhwc {
		return permuted(x.shape, fromCommon)
	}
	return x.shape.Clone()
}

// behindBatch turns a weight that has all axes of x but the batch into the common order.
func (c *call) behindBatch(x *value) turn {
	if !x.nhwc {
		return asIs
	}
	return turn{"weights HWC to CHW", func(t tensor.Any) tensor.Any { return tensor.PermuteAny(t, 2, 0, 1) }}
}

// parameter is a weight as a value, nil for one that is missing.
func (c *call) parameter(names []string, shape wanted, turn turn) (*value, error) {
	p, err := c.param(names, shape, turn)
	if err != nil || p == nil {
		return nil, err
	}
	return c.between(names[0], layer.Constant{Shape: p.Value.Dims().Clone()}, []*graph.Param{p}), nil
}
