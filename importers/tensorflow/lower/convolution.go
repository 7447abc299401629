package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// convolution is Conv2D. Its filter has the axes height, width, input channels of a group, output channels.
func convolution(c *call) error {
	filter, ok := c.filter()
	if !ok {
		return c.unknown("its filter is not constant")
	}
	inputs, outputs := filter.shape[2], filter.shape[3]
	return c.convolve(filter, filterShape{outputs, inputs}, func(channels int) (int, error) {
		if channels < 0 || channels == inputs {
			return 1, nil
		}
		if inputs == 0 || channels == 0 || channels%inputs != 0 || outputs%(channels/inputs) != 0 {
			return 0, c.node.Errorf("its filter %v for %d input channels does not fit an input of %d", filter.shape, inputs, channels)
		}
		return channels / inputs, nil
	}, "weights HWIO to OIHW")
}

// depthwise is DepthwiseConv2dNative: every input channel is a group of its own, with as many outputs as the filter's last
// axis says.
func depthwise(c *call) error {
	filter, ok := c.filter()
	if !ok {
		return c.unknown("its filter is not constant")
	}
	inputs := filter.shape[2]
	return c.convolve(filter, filterShape{inputs * filter.shape[3], 1}, func(channels int) (int, error) {
		if channels >= 0 && channels != inputs {
			return 0, c.node.Errorf("its filter %v for %d input channels does not fit an input of %d", filter.shape, inputs, channels)
		}
		return inputs, nil
	}, "weights HWIM to (I M)1HW")
}

func (c *call) filter() (*constant, bool) {
	w, ok := c.weights(1)
	return w, ok && len(w.shape) == 4
}

// filterShape is the number of outputs, and of the input channels that each of them reads.
type filterShape struct{ outputs, inputs int }

func (c *call) convolve(filter *constant, size filterShape, groups func(channels int) (int, error), transform string) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	window, f, why, err := c.geometry([2]int{filter.shape[0], filter.shape[1]})
	if err == nil && why == "" {
		window.Dilation, why, err = c.pair("dilations", f)
	}
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	if x, err = c.featureMap(x, f); err != nil {
		return err
	}
	g, err := groups(x.extent(1))
	if err != nil {
		return err
	}
	return c.emit(one{
		layer: layer.Convolution{Window: window, Outputs: size.outputs, Groups: g}, in: []*value{x}, nhwc: f == nhwc,
		params:     []weight{{constant: filter, transform: func(t tensor.Any) tensor.Any { return oihw(t, size) }}},
		transforms: []string{transform}, notes: uneven(window, x),
	})
}

// unlessErr returns an error, or lowers to an unknown operation.
func (c *call) unlessErr(err error, why string) error {
	if err != nil {
		return err
	}
	return c.unknown(why)
}
