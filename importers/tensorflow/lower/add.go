package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// add is a bias where one side is a constant vector along one axis. Shapes are aligned at their ends.
func add(c *call) error {
	if x, k, axis, ok := c.vector(); ok {
		return c.bias(x, k, axis)
	}
	return c.joined(layer.Binary{Operation: layer.Sum})
}

// mul is a scale where one side is a constant vector along one axis.
func mul(c *call) error {
	if x, k, axis, ok := c.vector(); ok {
		return c.emit(one{layer: layer.Scale{Axis: axis}, in: []*value{x}, nhwc: x.nhwc, params: []weight{{constant: k}}})
	}
	return c.joined(layer.Binary{Operation: layer.Product})
}

// vector finds a value and a constant vector that has one number for each cell along an axis of it.
func (c *call) vector() (x *value, k *constant, axis int, ok bool) {
	for i := range c.in {
		x, isData := c.data(1 - i)
		k, isConstant := c.weights(i)
		if len(c.in) != 2 || !isData || !isConstant || len(k.shape) != 1 {
			continue
		}
		axis, ok := x.axis(-1)
		n := x.extent(axis)
		if ok && x.rank() != 0 && (n == k.shape[0] || n < 0 && k.shape[0] > 1) {
			return x, k, axis, true
		}
	}
	return nil, nil, 0, false
}

// addN adds any number of values of one shape.
func addN(c *call) error {
	if err := c.checkCount("N", len(c.in)); err != nil {
		return err
	}
	in, ok := c.operands(c.in)
	if !ok || len(in) == 0 {
		return c.unknown("an input is computed in a way that is not known")
	}
	in = slices.Clone(in)
	for i, v := range in {
		in[i] = c.as(v, in[0].nhwc)
	}
	return c.emit(one{layer: layer.Eltwise{}, in: in, nhwc: in[0].nhwc, shape: in[0].shape})
}
