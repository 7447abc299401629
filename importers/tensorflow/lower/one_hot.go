package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// oneHot is OneHot with constant values for on and off.
func oneHot(c *call) error {
	if len(c.in) != 4 {
		return c.node.Errorf("it takes indices, a depth, and values for on and off, found %d inputs", len(c.in))
	}
	x, ok := c.operand(0)
	depth, known := c.number(c.in[1])
	on, hasOn := scalar(c.in[2].constant)
	off, hasOff := scalar(c.in[3].constant)
	if !ok || x.rank() < 0 || !known || depth == unknownExtent || !hasOn || !hasOff {
		return c.unknown("its depth or its values are not constant")
	}
	axis, err := c.node.Int("axis", -1)
	if err != nil {
		return err
	}
	x = c.as(x, false)
	if axis == -1 {
		axis = x.rank()
	}
	return c.emitIfFits(one{layer: layer.OneHot{Axis: axis, Depth: depth, On: on, Off: off}, in: []*value{x}})
}

// scalar is a constant that is one number.
func scalar(k *constant) (float64, bool) {
	if k == nil || k.variable() || k.dtype().Size() == 0 {
		return 0, false
	}
	if n, ok := k.shape.CheckedLen(); !ok || n != 1 {
		return 0, false
	}
	v, err := k.tensor.Value()
	if err != nil {
		return 0, false
	}
	return tensor.As[float64](v).Data[0], true
}
