package lower

import "parity/googlenet/layer"

// biasAdd adds a vector along the channels. The old form has no format: they are last.
func biasAdd(c *call) error {
	f := nhwc
	if c.node.Op == "BiasAdd" {
		var err error
		if f, err = formatOf(c.node); err != nil {
			return err
		}
	}
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	channels := -1
	if f == nchw {
		channels = 1
	}
	axis, ok := x.axis(channels)
	if !ok {
		return c.unknown("its input's dimensions are not known")
	}
	if bias, constant := c.weights(1); constant {
		if len(bias.shape) != 1 {
			return c.node.Errorf("its bias should be a vector, found the shape %v", bias.shape)
		}
		if n := x.extent(axis); n >= 0 && n != bias.shape[0] {
			return c.node.Errorf("its bias has %d elements for %d channels", bias.shape[0], n)
		}
		return c.bias(x, bias, axis)
	}
	bias, ok := c.operand(1)
	if !ok {
		return c.unknown("its bias is not known")
	}
	return c.emitIfFits(one{layer: layer.AddAlong{Axis: axis}, in: []*value{x, c.ranked(bias, 1)}, nhwc: x.nhwc, shape: x.shape})
}

func (c *call) bias(x *value, k *constant, axis int) error {
	return c.emit(one{layer: layer.Bias{Axis: axis}, in: []*value{x}, nhwc: x.nhwc, params: []weight{{constant: k}}})
}
