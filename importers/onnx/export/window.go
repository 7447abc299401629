package export

import (
	"slices"

	"parity/googlenet/layer"
	"parity/importers/onnx/model"
)

// padded is a window's padding over the node's input: before and after each axis.
func (w *writer) padded(win layer.Window) (before, after []int) {
	top, left, bottom, right := win.Padding.For(w.in[0][2], w.in[0][3], win)
	return []int{top, left}, []int{bottom, right}
}

// geometry lists the attributes that convolution and pooling share. Attributes that say nothing are left out.
func geometry(kernel, stride, dilation, before, after []int) []*model.Attr {
	attrs := with(list("kernel_shape", kernel...), list("strides", stride...), list("pads", slices.Concat(before, after)...))
	if slices.Max(dilation) > 1 {
		attrs = append(attrs, list("dilations", dilation...))
	}
	return attrs
}

func convolution(w *writer, l layer.Convolution) (string, error) {
	before, after := w.padded(l.Window)
	return w.convolve("Conv", geometry(l.Kernel[:], l.Stride[:], l.Dilation[:], before, after), l.Groups), nil
}

func convolutionND(w *writer, l layer.ConvolutionND) (string, error) {
	if l.Axis != 1 {
		return "", w.errorf("its channels lie along axis %d, ONNX has them along axis 1", l.Axis)
	}
	return w.convolve("Conv", geometry(l.Kernel, l.Stride, l.Dilation, l.Before, l.After), l.Groups), nil
}

// deconvolution has weights in ONNX's own layout: inputs, outputs of a group, height, width.
func deconvolution(w *writer, l layer.Deconvolution) (string, error) {
	nd := l.ND(w.in[0])
	attrs := geometry(l.Kernel[:], l.Stride[:], l.Dilation[:], nd.Before, nd.After)
	if slices.Max(nd.Extra) > 0 {
		attrs = append(attrs, list("output_padding", nd.Extra...))
	}
	return w.convolve("ConvTranspose", attrs, l.Groups), nil
}

func (w *writer) convolve(op string, attrs []*model.Attr, groups int) string {
	if groups > 1 {
		attrs = append(attrs, integer("group", groups))
	}
	inputs := []string{w.input(0)}
	for i := range w.node.Params {
		inputs = append(inputs, w.param(i))
	}
	return w.op(op, attrs, inputs...)
}

// convolutionBy reads its weights as a value.
func convolutionBy(w *writer, l layer.ConvolutionBy) (string, error) {
	before, after := w.padded(l.Of.Window)
	attrs := geometry(l.Of.Kernel[:], l.Of.Stride[:], l.Of.Dilation[:], before, after)
	if l.Of.Groups > 1 {
		attrs = append(attrs, integer("group", l.Of.Groups))
	}
	return w.op("Conv", attrs, w.node.Inputs...), nil
}

func deconvolutionND(w *writer, l layer.DeconvolutionND) (string, error) {
	if l.Axis != 1 {
		return "", w.errorf("its channels lie along axis %d, ONNX has them along axis 1", l.Axis)
	}
	attrs := geometry(l.Kernel, l.Stride, l.Dilation, l.Before, l.After)
	if len(l.Extra) > 0 && slices.Max(l.Extra) > 0 {
		attrs = append(attrs, list("output_padding", l.Extra...))
	}
	return w.convolve("ConvTranspose", attrs, l.Groups), nil
}

// im2col cuts out what each cell of the kernel sees, one strided slice of the padded map a cell.
func im2col(w *writer, l layer.Im2col) (string, error) {
	s := w.in[0]
	if l.Axis != 1 || len(s) != len(l.Kernel)+2 {
		return "", w.errorf("it is written for channels along axis 1, found axis %d of %v", l.Axis, s)
	}
	x := w.padWith(w.input(0), l.Before, l.After, 0)
	extents := w.out[0][2:]
	var columns []string
	for _, cell := range cells(l.Kernel) {
		var starts, ends []int
		for a, at := range cell {
			starts = append(starts, at*l.Dilation[a])
			ends = append(ends, at*l.Dilation[a]+(extents[a]-1)*l.Stride[a]+1)
		}
		columns = append(columns, w.op("Unsqueeze", nil, w.sliced(x, 2, starts, ends, l.Stride), w.integers(2)))
	}
	return w.reshaped(w.op("Concat", with(integer("axis", 2)), columns...), nil, w.out[0]...), nil
}

// cells lists the cells of a kernel, the last axis running fastest.
func cells(kernel []int) [][]int {
	all := [][]int{nil}
	for _, n := range kernel {
		var longer [][]int
		for _, c := range all {
			for i := range n {
				longer = append(longer, append(slices.Clone(c), i))
			}
		}
		all = longer
	}
	return all
}

// sliced cuts out ranges along axes from one on.
func (w *writer) sliced(v string, axis int, starts, ends, steps []int) string {
	axes := make([]int, len(starts))
	for i := range axes {
		axes[i] = axis + i
	}
	return w.op("Slice", nil, v, w.integers(starts...), w.integers(ends...), w.integers(axes...), w.integers(steps...))
}

// padWith puts cells of one number around the axes from the third on.
func (w *writer) padWith(v string, before, after []int, value float64) string {
	if slices.Max(before) == 0 && slices.Max(after) == 0 {
		return v
	}
	ends := slices.Concat([]int{0, 0}, before, []int{0, 0}, after)
	return w.op("Pad", nil, v, w.integers(ends...), w.scalar(value))
}
