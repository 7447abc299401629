package lower

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// window reads kernel, stride, dilation and padding.
func (c *call) window(kernel string) (w layer.Window, why string, err error) {
	if w.Kernel, err = c.layer.Pair(kernel, 0); err != nil {
		return w, "", err
	}
	if w.Stride, err = c.layer.Pair("strides", 1); err != nil {
		return w, "", err
	}
	if kernel == "pool_size" && c.layer.Settings["strides"] == nil {
		w.Stride = w.Kernel
	}
	if w.Dilation, err = c.layer.Pair("dilation_rate", 1); err != nil {
		return w, "", err
	}
	if min(w.Kernel[0], w.Kernel[1], w.Stride[0], w.Stride[1], w.Dilation[0], w.Dilation[1]) < 1 {
		return w, "", c.layer.Errorf("its kernel %v, strides %v and dilation %v should be positive", w.Kernel, w.Stride, w.Dilation)
	}
	padding, err := c.layer.Text("padding")
	switch padding {
	case "same":
		w.Padding.Mode = layer.SameUpper
	case "valid", "":
	default:
		why = "padding " + padding
	}
	return w, why, err
}

// convolved reads what all convolutions have: their window and the map that they go over.
func (c *call) convolved() (x *value, w layer.Window, why string, err error) {
	w, why, err = c.window("kernel_size")
	if err != nil || why != "" {
		return nil, w, why, err
	}
	x, ok := c.single(4)
	if !ok {
		return nil, w, "its input is no map of known shape", nil
	}
	return x, w, "", nil
}

// count reads a positive number.
func (c *call) count(name string, fallback int) (int, error) {
	n, err := c.layer.Int(name, fallback)
	if err == nil && n < 1 {
		err = c.layer.Errorf("the setting %s should be positive, found %d", name, n)
	}
	return n, err
}

// biased reads the bias, if the layer has one.
func (c *call) biased(outputs int, params *[]*graph.Param) (bool, error) {
	use, err := c.layer.Bool("use_bias", true)
	if err != nil || !use {
		return false, err
	}
	p, err := c.param([]string{"bias"}, wanted{outputs}, asIs)
	*params = append(*params, p)
	return true, err
}

// convolution's kernel has the axes height, width, input channels of a group, output channels.
func convolution(c *call) (*value, error) {
	x, w, why, err := c.convolved()
	if err != nil || why != "" {
		return c.unless(err, why)
	}
	l := layer.Convolution{Window: w}
	if l.Outputs, err = c.count("filters", 0); err != nil {
		return nil, err
	}
	if l.Groups, err = c.count("groups", 1); err != nil {
		return nil, err
	}
	inputs := x.shape[1]
	if inputs > 0 {
		if inputs%l.Groups != 0 || l.Outputs%l.Groups != 0 {
			return nil, c.layer.Errorf("its %d groups do not divide %d input channels and %d filters", l.Groups, inputs, l.Outputs)
		}
		inputs /= l.Groups
	}
	return c.convolve(&l.Bias, l.Outputs, wanted{w.Kernel[0], w.Kernel[1], inputs, l.Outputs}, hwioToOIHW, []string{"kernel"}, x, func() layer.Layer { return l })
}

// convolve reads kernel and bias and appends the layer with its activation.
func (c *call) convolve(bias *bool, outputs int, kernel wanted, turn turn, names []string, x *value, l func() layer.Layer) (*value, error) {
	p, err := c.param(names, kernel, turn)
	if err != nil {
		return nil, err
	}
	params := []*graph.Param{p}
	if *bias, err = c.biased(outputs, &params); err != nil {
		return nil, err
	}
	name, then := c.activated()
	return then(c.emit(name, l(), params, x))
}

// depthwise makes every input channel a group of its own.
func depthwise(c *call) (*value, error) {
	x, l, why, err := c.depthwiseLayer()
	if err != nil || why != "" {
		return c.unless(err, why)
	}
	kernel := wanted{l.Kernel[0], l.Kernel[1], l.Groups, l.Outputs / l.Groups}
	return c.convolve(&l.Bias, l.Outputs, kernel, hwimToOIHW, []string{"depthwise_kernel", "kernel"}, x, func() layer.Layer { return l })
}

func (c *call) depthwiseLayer() (*value, layer.Convolution, string, error) {
	x, w, why, err := c.convolved()
	if err != nil || why != "" {
		return nil, layer.Convolution{}, why, err
	}
	multiplier, err := c.count("depth_multiplier", 1)
	if err != nil {
		return nil, layer.Convolution{}, "", err
	}
	if x.shape[1] < 1 {
		return nil, layer.Convolution{}, "its channels are not known", nil
	}
	return x, layer.Convolution{Window: w, Groups: x.shape[1], Outputs: x.shape[1] * multiplier}, "", nil
}

// separable is a depthwise convolution without bias, and one with a kernel of one cell.
func separable(c *call) (*value, error) {
	x, first, why, err := c.depthwiseLayer()
	if err != nil || why != "" {
		return c.unless(err, why)
	}
	deep, err := c.param([]string{"depthwise_kernel"}, wanted{first.Kernel[0], first.Kernel[1], first.Groups, first.Outputs / first.Groups}, hwimToOIHW)
	if err != nil {
		return nil, err
	}
	l := layer.Convolution{Window: onePixel, Groups: 1}
	if l.Outputs, err = c.count("filters", 0); err != nil {
		return nil, err
	}
	x = c.between("depthwise", first, []*graph.Param{deep}, x)
	return c.convolve(&l.Bias, l.Outputs, wanted{1, 1, first.Outputs, l.Outputs}, hwioToOIHW, []string{"pointwise_kernel"}, x, func() layer.Layer { return l })
}

var onePixel = layer.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}

// convolutionTranspose's kernel has the axes height, width, output channels, input channels. What it computes is the gradient of
// the convolution of a map of the output's extent, which is n s with same padding and n s + max(k - s, 0) without; with
// output_padding it is (n-1) s + k - 2 p + output_padding, where p is k/2 with same padding and 0 without.
func convolutionTranspose(c *call) (*value, error) {
	x, w, why, err := c.convolved()
	if err != nil || why != "" {
		return c.unless(err, why)
	}
	l := layer.Deconvolution{Window: w, Groups: 1}
	if l.Outputs, err = c.count("filters", 0); err != nil {
		return nil, err
	}
	if c.layer.Settings["output_padding"] != nil {
		if w.Padding.Mode != layer.Explicit || w.Dilation != [2]int{1, 1} {
			return c.unknown("it has an output_padding with same padding or dilation")
		}
		l.Extra, err = c.layer.Pair("output_padding", 0)
	} else if w.Padding.Mode == layer.Explicit {
		for a := range l.Extra { // a stride beyond the kernel's reach leaves cells that nothing reaches
			l.Extra[a] = max(w.Stride[a]-((w.Kernel[a]-1)*w.Dilation[a]+1), 0)
		}
	}
	if err != nil {
		return nil, err
	}
	kernel := wanted{w.Kernel[0], w.Kernel[1], l.Outputs, x.shape[1]}
	return c.convolve(&l.Bias, l.Outputs, kernel, hwioToOIHW, []string{"kernel"}, x, func() layer.Layer { return l })
}

// dense goes over the last axis, which for a map are the channels.
func dense(c *call) (*value, error) {
	units, err := c.count("units", 0)
	if err != nil {
		return nil, err
	}
	x := c.in[0]
	switch {
	case len(c.in) == 1 && len(x.shape) == 2:
		l := layer.InnerProduct{Outputs: units}
		return c.convolve(&l.Bias, units, wanted{x.shape[1], units}, transposed, []string{"kernel"}, x, func() layer.Layer { return l })
	case len(c.in) == 1 && x.nhwc:
		l := layer.Convolution{Window: onePixel, Groups: 1, Outputs: units}
		return c.convolve(&l.Bias, units, wanted{x.shape[1], units}, onePixelWeights, []string{"kernel"}, x, func() layer.Layer { return l })
	}
	if len(c.in) != 1 || len(x.shape) < 3 || x.shape[len(x.shape)-1] < 1 {
		return c.unknown("the shape of its input is not known")
	}
	return c.denseAlongLast(x, units)
}

// denseAlongLast multiplies what the last axis holds by a matrix.
func (c *call) denseAlongLast(x *value, units int) (*value, error) {
	p, err := c.param([]string{"kernel"}, wanted{x.shape[len(x.shape)-1], units}, asIs)
	if err != nil {
		return nil, err
	}
	biased, err := c.layer.Bool("use_bias", true)
	if err != nil {
		return nil, err
	}
	name, then := c.activated()
	if !biased {
		return then(c.emit(name, layer.MatMul{}, nil, x, c.weightValue("kernel", p)))
	}
	b, err := c.param([]string{"bias"}, wanted{units}, asIs)
	if err != nil {
		return nil, err
	}
	product := c.between("product", layer.MatMul{}, nil, x, c.weightValue("kernel", p))
	return then(c.emit(name, layer.Binary{Operation: layer.Sum}, nil, product, c.weightValue("bias", b)))
}

// unless returns the error, or keeps the layer as unknown for the reason why.
func (c *call) unless(err error, why string) (*value, error) {
	if err != nil {
		return nil, err
	}
	return c.unknown(why)
}

// The axes of weights, from Keras's order to ours.
var (
	hwioToOIHW = turn{"weights HWIO to OIHW", func(t tensor.Any) tensor.Any { return tensor.PermuteAny(t, 3, 2, 0, 1) }}
	hwimToOIHW = turn{"weights HWIM to (I M)1HW", func(t tensor.Any) tensor.Any {
		s := t.Dims()
		return tensor.ReshapeAny(tensor.PermuteAny(t, 2, 3, 0, 1), s[2]*s[3], 1, s[0], s[1])
	}}
	transposed      = turn{"weights transposed to outputs x inputs", func(t tensor.Any) tensor.Any { return tensor.PermuteAny(t, 1, 0) }}
	onePixelWeights = turn{"weights transposed to outputs x inputs, for a window of one cell", func(t tensor.Any) tensor.Any {
		s := t.Dims()
		return tensor.ReshapeAny(tensor.PermuteAny(t, 1, 0), s[1], s[0], 1, 1)
	}}
	slopes = turn{to: func(t tensor.Any) tensor.Any { return tensor.ReshapeAny(t, t.Dims().Len()) }}
)
