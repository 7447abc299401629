package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// convolution is Conv, whose weights have the axes outputs, inputs of a group, height, width.
func convolution(c *call) error {
	x, ok := c.data(0)
	w, constant := c.weights(1)
	if !ok || !constant {
		return c.unknown("its weights are not constant")
	}
	if len(w.shape) < 3 {
		return c.node.Errorf("its weights should have at least 3 dimensions, found %v", w.shape)
	}
	dimensions, planar := spatialDimensions(len(w.shape))
	if x = c.as(c.ranked(x, len(w.shape)), false); x.rank() != len(w.shape) {
		return c.node.Errorf("its input should have %d dimensions as its weights do, found the shape %v", len(w.shape), x.stored())
	}
	if err := c.checkKernel(w.shape[2:]); err != nil {
		return err
	}
	if !planar {
		return c.convolutionND(x, w)
	}
	l := layer.Convolution{Outputs: w.shape[0]}
	var err error
	if l.Window, err = c.geometry(w.shape[2:]); err != nil {
		return err
	}
	if l.Groups, err = c.groups(x, w.shape); err != nil {
		return err
	}
	weights, err := c.param(w, w.shape[0], w.shape[1], l.Kernel[0], l.Kernel[1])
	if err != nil {
		return err
	}
	if dimensions == 1 {
		weights.transforms = append(slices.Clone(weights.transforms), "kernel of height 1")
	}
	bias, constant, err := c.outputBias(2, l.Outputs)
	if err != nil {
		return err
	}
	if !constant {
		return c.unknown("its bias is not constant")
	}
	l.Bias = len(bias) > 0
	return c.emitPlanar(one{
		layer: l, in: []*value{x}, params: append([]param{weights}, bias...), notes: uneven(l.Window, x),
		shape: tensor.Shape{x.extent(0), l.Outputs, -1, -1},
	})
}

// convolutionND slides over more than two dimensions.
func (c *call) convolutionND(x *value, w *constant) error {
	window, err := c.geometryND(w.shape[2:])
	if err != nil {
		return err
	}
	window, ok, err := c.resolved(window, x.shape[2:])
	if err != nil || !ok {
		return c.unlessErr(err, "its input's extents, which auto_pad needs, are not known")
	}
	l := layer.ConvolutionND{WindowND: window, Axis: 1, Outputs: w.shape[0]}
	if l.Groups, err = c.groups(x, w.shape); err != nil {
		return err
	}
	weights, err := c.param(w, w.shape...)
	if err != nil {
		return err
	}
	bias, constant, err := c.outputBias(2, l.Outputs)
	if err != nil || !constant {
		return c.unlessErr(err, "its bias is not constant")
	}
	l.Bias = len(bias) > 0
	return c.emit(one{layer: l, in: []*value{x}, params: append([]param{weights}, bias...)})
}

// checkKernel compares kernel_shape, which may be left out, with the weights.
func (c *call) checkKernel(kernel tensor.Shape) error {
	stated, err := c.node.Ints("kernel_shape", kernel...)
	if err != nil {
		return err
	}
	if len(stated) > 0 && !slices.Equal(stated, kernel) {
		return c.node.Errorf("the attribute kernel_shape is %v, its weights have %v", stated, []int(kernel))
	}
	return nil
}

func (c *call) groups(x *value, w tensor.Shape) (int, error) {
	groups, err := c.node.Int("group", 1)
	if err != nil {
		return 0, err
	}
	if groups < 1 || w[0]%groups != 0 {
		return 0, c.node.Errorf("the attribute group should divide the %d outputs, found %d", w[0], groups)
	}
	if n := x.extent(1); n >= 0 && n/groups != w[1] || n%groups > 0 {
		return 0, c.node.Errorf("its weights %v in %d group(s) take %d input channels, found %d", w, groups, w[1]*groups, n)
	}
	return groups, nil
}

// outputBias reads an optional input with one number for each output. It is not ok if that is not constant.
func (c *call) outputBias(i, outputs int) (list []param, ok bool, err error) {
	if c.omitted(i) {
		return nil, true, nil
	}
	k, constant := c.weights(i)
	if !constant {
		return nil, false, nil
	}
	if !k.shape.Equal(tensor.Shape{outputs}) {
		return nil, false, c.node.Errorf("its bias should have %d elements, one for each output, found %v", outputs, k.shape)
	}
	p, err := c.param(k, outputs)
	return []param{p}, true, err
}
