package lower

import (
	"parity/googlenet/layer"
)

// convTranspose is ConvTranspose, whose weights have the axes inputs, outputs of a group, and those of the kernel.
func convTranspose(c *call) error {
	x, ok := c.data(0)
	w, constant := c.weights(1)
	if !ok || !constant {
		return c.unknown("its weights are not constant")
	}
	if len(w.shape) < 3 {
		return c.node.Errorf("its weights should have at least 3 dimensions, found %v", w.shape)
	}
	if x = c.as(c.ranked(x, len(w.shape)), false); x.rank() != len(w.shape) {
		return c.node.Errorf("its input should have %d dimensions as its weights do, found the shape %v", len(w.shape), x.stored())
	}
	if err := c.checkKernel(w.shape[2:]); err != nil {
		return err
	}
	l, ok, err := c.transposedWindow(x, w.shape[2:])
	if err != nil || !ok {
		return c.unlessErr(err, "its input's extents, which its padding needs, are not known")
	}
	if l.Groups, err = c.node.Int("group", 1); err != nil {
		return err
	}
	if n := x.extent(1); l.Groups < 1 || w.shape[0]%l.Groups != 0 || n >= 0 && n != w.shape[0] {
		return c.node.Errorf("its weights %v in %d group(s) do not fit %d input channels", w.shape, l.Groups, n)
	}
	l.Outputs = w.shape[1] * l.Groups
	bias, constant, err := c.outputBias(2, l.Outputs)
	if err != nil || !constant {
		return c.unlessErr(err, "its bias is not constant")
	}
	l.Bias = len(bias) > 0
	weights, err := c.param(w, w.shape...)
	if err != nil {
		return err
	}
	return c.emitTransposed(l, x, append([]param{weights}, bias...))
}

// transposedWindow reads the geometry. The output has stride (n-1) + output_padding + the reach of the kernel, less the pads; those
// follow where the output's extents are given: by output_shape, or as stride n by auto_pad.
func (c *call) transposedWindow(x *value, kernel []int) (l layer.DeconvolutionND, ok bool, err error) {
	l.Axis = 1
	if l.WindowND, err = c.geometryND(kernel); err != nil {
		return l, false, err
	}
	if l.Extra, err = c.perAxis("output_padding", len(kernel), 0, 0); err != nil {
		return l, false, err
	}
	mode, err := c.padMode()
	if err != nil {
		return l, false, err
	}
	target, err := c.node.Ints("output_shape")
	if err != nil {
		return l, false, err
	}
	if len(target) == 0 && mode == layer.Explicit {
		return l, true, nil
	}
	if !known(x.shape[2:]) {
		return l, false, nil
	}
	if len(target) == 0 {
		for i, n := range x.shape[2:] {
			target = append(target, n*l.Stride[i])
		}
	}
	if len(target) > len(kernel) {
		target = target[len(target)-len(kernel):] // some state batch and channels too
	}
	if len(target) < len(kernel) {
		return l, false, c.node.Errorf("the attribute output_shape should have %d numbers, found %v", len(kernel), target)
	}
	for i, n := range x.shape[2:] {
		total := l.Stride[i]*(n-1) + l.Extra[i] + (kernel[i]-1)*l.Dilation[i] + 1 - target[i]
		l.Extra[i] += max(-total, 0)
		l.Before[i], l.After[i] = halves(max(total, 0), transposedHalf[mode])
	}
	return l, true, nil
}

// transposedHalf is where an odd cell of padding goes: before the map unless auto_pad is SAME_UPPER.
var transposedHalf = map[layer.PadMode]layer.PadMode{layer.Explicit: layer.SameLower, layer.SameLower: layer.SameLower, layer.SameUpper: layer.SameUpper}

// emitTransposed emits the layer for maps where it can.
func (c *call) emitTransposed(l layer.DeconvolutionND, x *value, params []param) error {
	if len(l.Kernel) != 2 {
		return c.emit(one{layer: l, in: []*value{x}, params: params})
	}
	planar := layer.Deconvolution{Extra: [2]int(l.Extra), Outputs: l.Outputs, Groups: l.Groups, Bias: l.Bias, Window: layer.Window{
		Kernel: [2]int(l.Kernel), Stride: [2]int(l.Stride), Dilation: [2]int(l.Dilation),
		Padding: layer.Padding{Top: l.Before[0], Left: l.Before[1], Bottom: l.After[0], Right: l.After[1]},
	}}
	return c.emit(one{layer: planar, in: []*value{x}, params: params})
}
