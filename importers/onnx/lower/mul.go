package lower

import "parity/googlenet/layer"

// mul multiplies two values, or one with a constant.
func mul(c *call) error {
	if err := c.binary(); err != nil {
		return err
	}
	a, isA := c.data(0)
	b, isB := c.data(1)
	switch {
	case isA && isB:
		return c.multiplyValues(a, b)
	case isA:
		return c.multiplyConstant(a, 1, false)
	}
	return c.multiplyConstant(b, 0, false)
}

func (c *call) multiplyValues(a, b *value) error {
	return c.combine(a, b, layer.Eltwise{Combination: layer.EltwiseProduct}, layer.Product, func(axis int) layer.Layer { return layer.ScaleAlong{Axis: axis} })
}

// multiplyConstant multiplies with the constant that is input i, or with its reciprocal.
func (c *call) multiplyConstant(x *value, i int, inverse bool) error {
	by := map[bool]layer.Operation{false: layer.Product, true: layer.Quotient}[inverse]
	if x == nil {
		return c.unknown("its inputs are constant")
	}
	n, ok, err := c.number(i)
	switch {
	case err != nil:
		return err
	case ok && inverse:
		return c.emitOn(x, layer.Power{Power: 1, Scale: 1 / n})
	case ok:
		return c.emitOn(x, layer.Power{Power: 1, Scale: n})
	}
	k, constant := c.weights(i)
	if !constant {
		return c.pairwise(by, 0)
	}
	shape, err := c.aligned(k.shape, x)
	if err != nil {
		return err
	}
	where, ok := c.along(x, shape)
	if !ok {
		return c.pairwise(by, 0)
	}
	p, err := c.param(k, where.shape...)
	if err == nil && inverse {
		p, err = c.reciprocals(p)
	}
	if err != nil {
		return err
	}
	return c.emit(one{
		layer: layer.Scale{Axis: where.axis, More: len(where.shape) - 1}, in: []*value{where.in}, nhwc: where.in.nhwc, params: []param{p},
	})
}
