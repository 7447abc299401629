package lower

import "parity/googlenet/layer"

// biasAdd adds a vector along the channels.
func biasAdd(c *call) error {
	x, ok := c.data(0)
	bias, constant := c.weights(1)
	if !ok || !constant || len(bias.shape) != 1 {
		return c.unknown("its bias is not a constant vector")
	}
	f, err := formatOf(c.node)
	if err != nil {
		return err
	}
	channels := -1
	if f == nchw {
		channels = 1
	}
	axis, ok := x.axis(channels)
	if !ok {
		return c.unknown("its input's dimensions are not known")
	}
	if n := x.extent(axis); n >= 0 && n != bias.shape[0] {
		return c.node.Errorf("its bias has %d elements for %d channels", bias.shape[0], n)
	}
	return c.bias(x, bias, axis)
}

func (c *call) bias(x *value, k *constant, axis int) error {
	return c.emit(one{layer: layer.Bias{Axis: axis}, in: []*value{x}, nhwc: x.nhwc, params: []weight{{constant: k}}})
}
