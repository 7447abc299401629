package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

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
		return c.bias(x, bias, axis, nil)
	}
	bias, ok := c.operand(1)
	if !ok {
		return c.unknown("its bias is not known")
	}
	return c.emitIfFits(one{layer: layer.AddAlong{Axis: axis}, in: []*value{x, c.ranked(bias, 1)}, nhwc: x.nhwc, shape: x.shape})
}

// add is a bias where one side is a constant that varies along one axis only. Shapes are aligned at their ends.
func add(c *call) error {
	if len(c.in) != 2 {
		return c.node.Errorf("it adds 2 values, found %d", len(c.in))
	}
	data, bias := 0, 1
	if c.in[0].value == nil {
		data, bias = 1, 0
	}
	x, ok := c.data(data)
	k, constant := c.weights(bias)
	if !ok || !constant {
		return c.unknown("it does not add a constant vector")
	}
	axis, ok := varying(x, k.shape)
	if !ok {
		return c.unknown("it does not add one number for each channel")
	}
	transform := flattened
	if len(k.shape) == 1 {
		transform = nil
	}
	return c.bias(x, k, axis, transform)
}

// varying is the common axis of x along which a constant of that shape varies, if it has one number for each cell of it.
func varying(x *value, s tensor.Shape) (axis int, ok bool) {
	at := slices.IndexFunc(s, func(d int) bool { return d != 1 })
	if at < 0 {
		at = len(s) - 1
	}
	if len(s) == 0 || s[:at].Len()*s[at+1:].Len() != 1 || x.rank() >= 0 && len(s) > x.rank() {
		return 0, false
	}
	if axis, ok = x.axis(at - len(s)); !ok {
		return 0, false
	}
	n := x.extent(axis)
	return axis, n == s[at] || n < 0 && s[at] > 1
}

func (c *call) bias(x *value, k *constant, axis int, transform func(tensor.Any) tensor.Any) error {
	return c.emit(one{layer: layer.Bias{Axis: axis}, in: []*value{x}, nhwc: x.nhwc, params: []weight{{constant: k, transform: transform, reshaped: len(k.shape) != 1}}})
}
