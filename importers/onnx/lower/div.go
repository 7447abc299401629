package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// div divides: by a constant as a product with its reciprocal.
func div(c *call) error {
	if err := c.binary(); err != nil {
		return err
	}
	a, isA := c.data(0)
	_, isB := c.data(1)
	switch {
	case isA && isB:
		return c.pairwise(layer.Quotient, 0)
	case isA:
		return c.multiplyConstant(a, 1, true)
	case !isB:
		return c.unknown("its inputs are constant")
	}
	return c.pairwise(layer.Quotient, 0)
}

// reciprocal is the power -1.
var reciprocal = layer.Power{Power: -1, Scale: 1}

// reciprocals are those of weights, in float64.
func (c *call) reciprocals(p param) (param, error) {
	if err := c.spend(p.value.Dims().Len()); err != nil {
		return p, err
	}
	from := tensor.As[float64](p.value)
	to := tensor.New[float64](from.Shape...)
	for i, v := range from.Data {
		to.Data[i] = 1 / v
	}
	p.value = to
	p.transforms = append(p.transforms[:len(p.transforms):len(p.transforms)], "reciprocals, to be multiplied with")
	return p, nil
}
