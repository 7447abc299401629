package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// add adds two values, or a constant to one: a number, or a bias.
func add(c *call) error {
	if err := c.binary(); err != nil {
		return err
	}
	a, isA := c.data(0)
	b, isB := c.data(1)
	switch {
	case isA && isB:
		return c.addValues(a, b)
	case isA:
		return c.addConstant(a, 1, layer.Sum)
	}
	return c.addConstant(b, 0, layer.Sum)
}

func (c *call) addValues(a, b *value) error {
	return c.combine(a, b, layer.Eltwise{}, layer.Sum, func(axis int) layer.Layer { return layer.AddAlong{Axis: axis} })
}

// addConstant adds the constant that is input i, or subtracts it.
func (c *call) addConstant(x *value, i int, op layer.Operation) error {
	if x == nil {
		return c.unknown("its inputs are constant")
	}
	sign := map[layer.Operation]float64{layer.Sum: 1, layer.Difference: -1}[op]
	n, ok, err := c.number(i)
	if err != nil {
		return err
	}
	if ok {
		return c.emitOn(x, layer.Power{Power: 1, Scale: 1, Shift: sign * n})
	}
	k, constant := c.weights(i)
	if !constant {
		return c.pairwise(op, 0)
	}
	shape, err := c.aligned(k.shape, x)
	if err != nil {
		return err
	}
	where, ok := c.along(x, shape)
	if !ok {
		return c.pairwise(op, 0)
	}
	p, err := c.param(k, where.shape...)
	if err == nil {
		p, err = c.scaled(p, sign, "the sign changed")
	}
	if err != nil {
		return err
	}
	return c.emit(one{layer: layer.Bias{Axis: where.axis, More: len(where.shape) - 1}, in: []*value{where.in}, nhwc: where.in.nhwc, params: []param{p}})
}

// aligned is the shape of a constant that is fitted to a value at its end. Before version 7 an attribute could say at which
// axis it begins.
func (c *call) aligned(s tensor.Shape, x *value) (tensor.Shape, error) {
	axis, err := c.node.Int("axis", -1)
	if err != nil || c.model.Opset() >= 7 || axis < 0 {
		return s, err
	}
	s = s.Clone()
	for len(s)+axis < x.rank() {
		s = append(s, 1)
	}
	return s, nil
}

func ones(s tensor.Shape) bool { return !slices.ContainsFunc(s, func(d int) bool { return d != 1 }) }
