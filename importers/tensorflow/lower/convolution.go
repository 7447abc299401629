package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// outputsFirst turns the axes of a filter, height, width, inputs, outputs, into outputs, inputs, height, width.
var outputsFirst = []int{3, 2, 0, 1}

// convolution is Conv2D. Its filter has the axes height, width, input channels of a group, output channels.
func convolution(c *call) error {
	f, ok := c.filter(1)
	if !ok {
		return c.unknown("its filter's shape is not known")
	}
	f.outputs, f.inputs, f.transform = f.shape[3], f.shape[2], "weights HWIO to OIHW"
	return c.convolve(f, func(channels int) (int, error) {
		if channels < 0 || channels == f.inputs {
			return 1, nil
		}
		if f.inputs == 0 || channels == 0 || channels%f.inputs != 0 || f.outputs%(channels/f.inputs) != 0 {
			return 0, c.node.Errorf("its filter %v for %d input channels does not fit an input of %d", f.shape, f.inputs, channels)
		}
		return channels / f.inputs, nil
	})
}

// depthwise is DepthwiseConv2dNative: every input channel is a group of its own, with as many outputs as the filter's last
// axis says.
func depthwise(c *call) error {
	f, ok := c.filter(1)
	if !ok {
		return c.unknown("its filter's shape is not known")
	}
	f = f.depthwise()
	f.undilated = true
	return c.convolve(f, func(channels int) (int, error) {
		if channels >= 0 && channels != f.shape[2] {
			return 0, c.node.Errorf("its filter %v for %d input channels does not fit an input of %d", f.shape, f.shape[2], channels)
		}
		return f.shape[2], nil
	})
}

// filter is the weights of a convolution: a constant, or a value of the graph.
type filter struct {
	constant *constant
	value    *value
	shape    tensor.Shape // as TensorFlow has it
	// outputs is the extent of the first axis in the layer's order, inputs that of the second: what each of them reads.
	outputs, inputs int
	transform       string // what is done to a constant
	// undilated says that gradients ignore the dilation: TensorFlow hands none to those of a depthwise convolution.
	undilated bool
}

// filter reads an input as a filter of four axes.
func (c *call) filter(i int) (f filter, ok bool) {
	if w, constant := c.weights(i); constant {
		return filter{constant: w, shape: w.shape}, len(w.shape) == 4
	}
	v, ok := c.data(i)
	if !ok || v.rank() != 4 || slices.Contains(v.shape, -1) {
		return f, false
	}
	return filter{value: v, shape: v.stored()}, true
}

// depthwise states a depthwise filter as one of groups with a single input each.
func (f filter) depthwise() filter {
	f.outputs, f.inputs, f.transform = f.shape[2]*f.shape[3], 1, "weights HWIM to (I M)1HW"
	return f
}

// weight is the filter as a parameter in the layer's order.
func (f filter) weight() weight {
	size := filterShape{f.outputs, f.inputs}
	return weight{
		constant: f.constant, transform: func(t tensor.Any) tensor.Any { return oihw(t, size) },
		stored: graph.Stored{ToCommon: slices.Clone(outputsFirst)}, reshaped: f.shape[3] != f.outputs,
	}
}

// inLayersOrder puts in what turns a filter that is a value into the layer's order.
func (c *call) inLayersOrder(f filter) *value {
	v := f.value
	if f.shape[3] != f.outputs {
		v = c.between("/filter", layer.Reshape{Shape: []int{f.shape[0], f.shape[1], f.inputs, f.outputs}}, c.as(v, false), false, "filter HWIM to HW1(I M)")
	}
	axes := make([]int, len(outputsFirst))
	for i, a := range outputsFirst {
		axes[i], _ = v.axis(a)
	}
	return c.between("/OIHW", layer.Permute{Axes: axes}, v, false, "filter HWIO to OIHW")
}

// filterShape is the number of outputs, and of the input channels that each of them reads.
type filterShape struct{ outputs, inputs int }

// filterWindow is the window of a filter, with its dilation, and the format of the maps; why says what is not known of them.
func (c *call) filterWindow(f filter) (w layer.Window, order format, why string, err error) {
	if w, order, why, err = c.geometry([2]int{f.shape[0], f.shape[1]}); err == nil && why == "" {
		w.Dilation, why, err = c.pair("dilations", order)
	}
	return w, order, why, err
}

func (c *call) convolve(f filter, groups func(channels int) (int, error)) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	window, order, why, err := c.filterWindow(f)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	if x, err = c.featureMap(x, order); err != nil {
		return err
	}
	g, err := groups(x.extent(1))
	if err != nil {
		return err
	}
	l := layer.Convolution{Window: window, Outputs: f.outputs, Groups: g}
	notes := uneven(window, x)
	if f.undilated && f.constant != nil && window.Dilation != [2]int{1, 1} {
		notes = append(notes, "TensorFlow's gradients of this layer ignore its dilation")
		return c.emitFiltered(f, x, order, layer.Undilated{Of: l}, nil, notes)
	}
	return c.emitFiltered(f, x, order, l, layer.ConvolutionBy{Of: l}, notes)
}

// emitFiltered appends the first layer for a filter that is a constant, the second for one that is a value.
func (c *call) emitFiltered(f filter, x *value, order format, constant, computed layer.Layer, notes []string) error {
	o := one{layer: constant, in: []*value{x}, nhwc: order == nhwc, notes: notes}
	if f.constant != nil {
		o.params, o.transforms = []weight{f.weight()}, []string{f.transform}
	} else {
		o.layer, o.in = computed, append(o.in, c.inLayersOrder(f))
	}
	return c.emit(o)
}

// unlessErr returns an error, or lowers to an unknown operation.
func (c *call) unlessErr(err error, why string) error {
	if err != nil {
		return err
	}
	return c.unknown(why)
}
