package export

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// lrn states alpha as ONNX has it: divided by the size of the window.
func lrn(w *writer, l layer.LRN) (string, error) {
	attrs := with(integer("size", l.Size), number("alpha", l.Alpha*float64(l.Size)), number("beta", l.Beta), number("bias", l.K))
	return w.op("LRN", attrs, w.input(0)), nil
}

// spatialLRN is put together as in Caffe: squares, their mean over a window with padding counted, a power, a product.
func spatialLRN(w *writer, l layer.SpatialLRN) (string, error) {
	half, size, one := l.Size/2, []int{l.Size, l.Size}, []int{1, 1}
	around := []int{half, half}
	squares := w.op("Mul", nil, w.input(0), w.input(0))
	means := w.op("AveragePool", append(geometry(size, one, one, around, around), flag("count_include_pad", true)), squares)
	scale := w.plus(w.times(means, l.Alpha*float64(l.Size*l.Size)), 1)
	return w.op("Mul", nil, w.input(0), w.op("Pow", nil, scale, w.scalar(-l.Beta))), nil
}

// batchNorm has a scale of 1 and no offset. Caffe's factor is divided out, in float32 as Caffe does it.
func batchNorm(w *writer, l layer.BatchNorm) (string, error) {
	if l.Batch {
		return w.standardised(w.input(0), allBut(len(w.in[0]), 1), l.Epsilon, true), nil
	}
	channels := w.in[0][1]
	scale, offset := w.repeated("one a channel", 1, channels), w.repeated("zero a channel", 0, channels)
	return w.op("BatchNormalization", with(number("epsilon", l.Epsilon)), w.input(0), scale, offset, w.statistic(0), w.statistic(1)), nil
}

// statistic is a mean or variance of Caffe's, divided by its factor.
func (w *writer) statistic(i int) string {
	factor := tensor.As[float32](w.node.Params[2].Value).Data[0]
	if factor != 0 {
		factor = 1 / factor
	}
	p := w.node.Params[i]
	t := tensor.As[float32](p.Value).Clone()
	for k := range t.Data {
		t.Data[k] *= factor
	}
	return w.weight(p.Name, t, w.node.Name+"/"+p.Name)
}

func (w *writer) repeated(name string, v float32, n int) string {
	t := tensor.New[float32](n)
	for i := range t.Data {
		t.Data[i] = v
	}
	return w.weight(name, t, name)
}

// allBut lists the axes but one.
func allBut(rank, axis int) []int {
	var axes []int
	for a := range rank {
		if a != axis {
			axes = append(axes, a)
		}
	}
	return axes
}

// from lists the axes from one on.
func from(axis, rank int) []int {
	var axes []int
	for a := axis; a < rank; a++ {
		axes = append(axes, a)
	}
	return axes
}

// centred takes off the mean along axes.
func (w *writer) centred(x string, axes []int) string {
	return w.op("Sub", nil, x, w.mean(x, axes, true))
}

func (w *writer) mean(x string, axes []int, keep bool) string {
	return w.op("ReduceMean", with(list("axes", axes...), flag("keepdims", keep)), x)
}

// standardised takes off the mean along axes and divides by the standard deviation, with epsilon added under the root or behind it.
func (w *writer) standardised(x string, axes []int, epsilon float64, inside bool) string {
	d := w.centred(x, axes)
	variance := w.mean(w.op("Mul", nil, d, d), axes, true)
	if inside {
		return w.op("Div", nil, d, w.op("Sqrt", nil, w.plus(variance, epsilon)))
	}
	return w.op("Div", nil, d, w.plus(w.op("Sqrt", nil, variance), epsilon))
}

func mvn(w *writer, l layer.MVN) (string, error) {
	axes := from(l.Axis, len(w.in[0]))
	switch {
	case len(axes) == 0:
		return "", w.errorf("it normalises each number by itself")
	case !l.Variance:
		return w.centred(w.input(0), axes), nil
	}
	return w.standardised(w.input(0), axes, l.Epsilon, l.Inside), nil
}

func moments(w *writer, l layer.Moments) ([]string, error) {
	if len(l.Axes) == 0 {
		return nil, w.errorf("it has no axes")
	}
	d := w.centred(w.input(0), l.Axes)
	return []string{w.mean(w.input(0), l.Axes, l.Keep), w.mean(w.op("Mul", nil, d, d), l.Axes, l.Keep)}, nil
}

func l2Normalize(w *writer, l layer.L2Normalize) (string, error) {
	squares := w.op("Mul", nil, w.input(0), w.input(0))
	sums := w.op("Max", nil, w.sum(squares, l.Axes, true), w.scalar(l.Epsilon))
	return w.op("Div", nil, w.input(0), w.op("Sqrt", nil, sums)), nil
}

// sum adds up along axes, which are an input of the operation.
func (w *writer) sum(x string, axes []int, keep bool) string {
	return w.op("ReduceSum", with(flag("keepdims", keep)), x, w.integers(axes...))
}

// fusedBatchNorm normalises by stored statistics or, in training, by those of the batch; statistics that nobody reads are left out.
func fusedBatchNorm(w *writer, l layer.FusedBatchNorm) ([]string, error) {
	if l.Axis != 1 {
		return nil, w.errorf("its channels lie along axis %d, ONNX has them along axis 1", l.Axis)
	}
	parts := slices.Clone(w.node.Inputs)
	if !l.Fed {
		for i := range w.node.Params {
			parts = append(parts, w.param(i))
		}
	}
	if !l.Batch {
		y := w.op("BatchNormalization", with(number("epsilon", l.Epsilon)), parts...)
		return []string{y, parts[3], parts[4], parts[3], parts[4]}[:len(w.out)], nil
	}
	if len(w.out) > 1 {
		return nil, w.errorf("it passes the statistics of the batch on as further outputs, as in training")
	}
	along := aligned(w.in[0], 1, w.in[0][1:2])
	y := w.standardised(parts[0], allBut(len(w.in[0]), 1), l.Epsilon, true)
	y = w.op("Mul", nil, y, w.op("Reshape", nil, parts[1], w.integers(along...)))
	return []string{w.op("Add", nil, y, w.op("Reshape", nil, parts[2], w.integers(along...)))}, nil
}

func innerProduct(w *writer, l layer.InnerProduct) (string, error) {
	x := w.input(0)
	if len(w.in[0]) != 2 {
		x = w.op("Flatten", with(integer("axis", 1)), x)
	}
	inputs := []string{x, w.param(0)}
	if l.Bias {
		inputs = append(inputs, w.param(1))
	}
	return w.op("Gemm", with(integer("transB", 1)), inputs...), nil
}

// matMul turns matrices by a transposition before.
func matMul(w *writer, l layer.MatMul) (string, error) {
	turned := func(i int, turn bool) string {
		if !turn {
			return w.input(i)
		}
		axes := from(0, len(w.in[i]))
		n := len(axes)
		axes[n-1], axes[n-2] = axes[n-2], axes[n-1]
		return w.op("Transpose", with(list("perm", axes...)), w.input(i))
	}
	return w.op("MatMul", nil, turned(0, l.TransposeA), turned(1, l.TransposeB)), nil
}

// aligned are the extents with which numbers that lie along some axes of a shape, from one on, are repeated over the others.
func aligned(s tensor.Shape, axis int, along tensor.Shape) []int {
	shape := along.Clone()
	for range len(s) - axis - len(along) {
		shape = append(shape, 1)
	}
	return known(shape)
}

func scale(w *writer, l layer.Scale) (string, error) {
	along := aligned(w.in[0], l.Axis, w.in[0][l.Axis:l.Axis+1+l.More])
	y := w.op("Mul", nil, w.input(0), w.param(0, along...))
	if l.Bias {
		y = w.op("Add", nil, y, w.param(1, along...))
	}
	return y, nil
}

func bias(w *writer, l layer.Bias) (string, error) {
	along := aligned(w.in[0], l.Axis, w.in[0][l.Axis:l.Axis+1+l.More])
	return w.op("Add", nil, w.input(0), w.param(0, along...)), nil
}

func scaleAlong(w *writer, l layer.ScaleAlong) (string, error) { return w.along("Mul", l.Axis), nil }
func addAlong(w *writer, l layer.AddAlong) (string, error)     { return w.along("Add", l.Axis), nil }

// along joins the first input with the second, which lies along some of its axes.
func (w *writer) along(op string, axis int) string {
	return w.op(op, nil, w.input(0), w.reshaped(w.input(1), w.in[1], aligned(w.in[0], axis, w.in[1])...))
}

// embed looks vectors up; fractions of indices are cut off.
func embed(w *writer, l layer.Embed) (string, error) {
	y := w.op("Gather", nil, w.param(0), w.cast(w.input(0), model.Int64))
	if l.Bias {
		y = w.op("Add", nil, y, w.param(1))
	}
	return y, nil
}
