package lower

import "parity/googlenet/layer"

// minus is the power that changes the sign.
var minus = layer.Power{Power: 1, Scale: -1}

// sub takes the second value from the first.
func sub(c *call) error {
	if err := c.binary(); err != nil {
		return err
	}
	a, isA := c.data(0)
	b, isB := c.data(1)
	switch {
	case isA && isB:
		return c.combine(a, b, layer.Eltwise{Coefficients: []float64{1, -1}}, layer.Difference, nil)
	case isA:
		return c.addConstant(a, 1, layer.Difference)
	case !isB:
		return c.unknown("its inputs are constant")
	}
	n, ok, err := c.number(0)
	if err != nil {
		return err
	}
	if ok {
		return c.emitOn(b, layer.Power{Power: 1, Scale: -1, Shift: n})
	}
	return c.pairwise(layer.Difference, 0)
}
