package idiom_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	. "parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

// The feature map that most cases begin with, and weights that differ from one another.
var (
	x  = Placeholder("x", -1, 6, 7, 5)
	x2 = Placeholder("x", 2, 6, 7, 5)
)

func vector(name string, first float32, shape ...int) Node {
	if len(shape) == 0 {
		shape = []int{5}
	}
	values := make([]float32, tensor.Shape(shape).Len())
	for i := range values {
		values[i] = first + 0.375*float32(i)
	}
	return Const(name, Floats(shape, values...))
}

func scalar(name string, v float32) Node { return Const(name, Floats(tensor.Shape{}, v)) }

func ints(name string, v ...int32) Node { return Const(name, Ints(tensor.Shape{len(v)}, v...)) }

// kernel has weights of both signs.
func kernel(name string, shape ...int) Node {
	values := make([]float32, tensor.Shape(shape).Len())
	for i := range values {
		values[i] = float32((i*7)%11)/8 - 0.6
	}
	return Const(name, Floats(shape, values...))
}

func reduce(name, op, in string, keep bool, axes ...int32) []Node {
	return []Node{ints(name+"/axes", axes...), Op(name, op, In(in, name+"/axes"), "keep_dims", keep)}
}

// together makes one graph of nodes and lists of nodes.
func together(parts ...any) Graph {
	var g Graph
	for _, p := range parts {
		switch p := p.(type) {
		case Node:
			g = append(g, p)
		case []Node:
			g = append(g, p...)
		case Graph:
			g = append(g, p...)
		}
	}
	return g
}

// weights of a normalisation, with a variance that is positive and an epsilon that shows.
var normal = Graph{vector("m", -0.5), vector("v", 0.25), vector("g", -1.5), vector("b", 0.75), scalar("e", 0.125)}

// root is 1/sqrt(v + e).
var root = Graph{Op("ve", "AddV2", In("v", "e")), Op("r", "Rsqrt", In("ve"))}

func norm(batch bool, epsilon float64) layer.Layer {
	l := layer.FusedBatchNorm{Axis: 1, Epsilon: epsilon, Plain: true}
	if batch {
		l.Batch, l.Factor = true, 1
	}
	return l
}

// moments as tf.nn.moments writes them.
func momentsOf(in string, keep bool, axes ...int32) Graph {
	return together(
		reduce("mean", "Mean", in, keep, axes...), Op("still", "StopGradient", In("mean")),
		Op("distance", "SquaredDifference", In(in, "still")), reduce("variance", "Mean", "distance", keep, axes...),
	)
}

func slice(name, in string, begin, end int32) []Node {
	return []Node{
		ints(name+"/begin", 0, 0, 0, begin), ints(name+"/end", 0, 0, 0, end), ints(name+"/stride", 1, 1, 1, 1),
		Op(name, "StridedSlice", In(in, name+"/begin", name+"/end", name+"/stride"), "begin_mask", 7, "end_mask", 7),
	}
}

// slicesOf adds up slices of the padded squares along the channels.
func slicesOf(before, after int32, n int) Graph {
	g := together(Op("sq", "Square", In("x")), Const("p", Ints(tensor.Shape{4, 2}, 0, 0, 0, 0, 0, 0, before, after)), Op("padded", "Pad", In("sq", "p")))
	last := ""
	for i := range n {
		name := string(rune('A' + i))
		g = append(g, slice(name, "padded", int32(i), int32(i+5))...)
		if last != "" {
			g = append(g, Op(last+name, "AddV2", In(last, name)))
			name = last + name
		}
		last = name
	}
	return append(g, Op("sum", "Identity", In(last)))
}

func band(n, radius int) Node {
	values := make([]float32, n*n)
	for i := range n {
		for j := range n {
			if max(i-j, j-i) <= radius {
				values[i*n+j] = 1
			}
		}
	}
	return Const("band", Floats(tensor.Shape{1, 1, n, n}, values...))
}

func uniform(shape ...int32) Graph {
	return Graph{ints("shape", shape...), Op("u", "RandomUniform", In("shape"), "dtype", tensorproto.Float)}
}

func pool(kernel int, mods ...func(*layer.Pool)) layer.Pool {
	p := layer.Pool{Window: layer.Window{Kernel: [2]int{kernel, kernel}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}}}
	for _, mod := range mods {
		mod(&p)
	}
	return p
}

func conv(kernel int, stride int, mods ...func(*layer.Convolution)) layer.Convolution {
	l := layer.Convolution{Outputs: 4, Groups: 1, Window: layer.Window{Kernel: [2]int{kernel, kernel}, Stride: [2]int{stride, stride}, Dilation: [2]int{1, 1}}}
	for _, mod := range mods {
		mod(&l)
	}
	return l
}

var (
	padding  = Const("p", Ints(tensor.Shape{4, 2}, 0, 0, 1, 2, 0, 3, 0, 0))
	paddings = layer.Padding{Top: 1, Bottom: 2, Right: 3}
	evenPad  = Const("p", Ints(tensor.Shape{4, 2}, 0, 0, 1, 1, 1, 1, 0, 0))
)

// Every form becomes one layer that computes the same, forward and backward; taken apart, it is what it was.
func TestIdioms(t *testing.T) {
	for _, c := range []struct {
		name  string
		graph Graph
		want  layer.Layer // of the node y
	}{
		{"Conv2D and BiasAdd", Graph{x, kernel("w", 3, 3, 5, 4), vector("b", 1, 4), Op("c", "Conv2D", In("x", "w"), "padding", "SAME"), Op("y", "BiasAdd", In("c", "b"))},
			conv(3, 1, func(l *layer.Convolution) { l.Bias, l.Padding.Mode = true, layer.SameUpper })},
		{"Conv2D and an addition", Graph{x, kernel("w", 3, 3, 5, 4), vector("b", 1, 1, 1, 1, 4), Op("c", "Conv2D", In("x", "w"), "padding", "VALID"), Op("y", "AddV2", In("b", "c"))},
			conv(3, 1, func(l *layer.Convolution) { l.Bias = true })},
		{"MatMul and an addition", Graph{Placeholder("x", -1, 5), kernel("w", 5, 4), vector("b", 1, 4), Op("c", "MatMul", In("x", "w")), Op("y", "Add", In("c", "b"))},
			layer.InnerProduct{Outputs: 4, Bias: true}},
		{"transposed convolution", Graph{Placeholder("x", -1, 3, 4, 4), kernel("w", 3, 3, 5, 4), vector("b", 1, 5), ints("s", 2, 6, 8, 5), Op("c", "Conv2DBackpropInput", In("s", "w", "x"), "padding", "SAME", "strides", []int{1, 2, 2, 1}), Op("y", "BiasAdd", In("c", "b"))},
			layer.Deconvolution{Window: layer.Window{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}, Padding: layer.Padding{Bottom: 1, Right: 1}}, Outputs: 5, Groups: 1, Bias: true}},
		{"Pad and Conv2D", Graph{x, padding, kernel("w", 3, 3, 5, 4), vector("b", 1, 4), Op("q", "Pad", In("x", "p")), Op("c", "Conv2D", In("q", "w"), "padding", "VALID", "strides", []int{1, 2, 2, 1}), Op("y", "BiasAdd", In("c", "b"))},
			conv(3, 2, func(l *layer.Convolution) { l.Bias, l.Padding = true, paddings })},
		{"Pad and a depthwise convolution", Graph{x, padding, kernel("w", 3, 3, 5, 2), Op("q", "Pad", In("x", "p")), Op("y", "DepthwiseConv2dNative", In("q", "w"), "padding", "VALID", "strides", []int{1, 2, 2, 1})},
			conv(3, 2, func(l *layer.Convolution) { l.Outputs, l.Groups, l.Padding = 10, 5, paddings })},
		{"Pad and AvgPool", Graph{x, evenPad, Op("q", "Pad", In("x", "p")), Op("y", "AvgPool", In("q"), "padding", "VALID", "ksize", []int{1, 3, 3, 1}, "strides", []int{1, 2, 2, 1})},
			layer.AveragePool{Pool: pool(3, func(p *layer.Pool) { p.Padding = layer.Symmetric(1, 1) }), Divisor: layer.PaddedCells}},
		{"Relu, Pad and MaxPool", Graph{x, evenPad, Op("z", "Relu", In("x")), Op("q", "Pad", In("z", "p")), Op("y", "MaxPool", In("q"), "padding", "VALID", "ksize", []int{1, 3, 3, 1}, "strides", []int{1, 2, 2, 1})},
			layer.MaxPool{Pool: pool(3, func(p *layer.Pool) { p.Padding = layer.Symmetric(1, 1) })}},
		{"PadV2 with the lowest number and MaxPool", Graph{x, evenPad, scalar("low", -3.4028235e38), Op("q", "PadV2", In("x", "p", "low")), Op("y", "MaxPool", In("q"), "padding", "VALID", "ksize", []int{1, 3, 3, 1}, "strides", []int{1, 2, 2, 1})},
			layer.MaxPool{Pool: pool(3, func(p *layer.Pool) { p.Padding = layer.Symmetric(1, 1) })}},

		{"dilated by blocks", Graph{
			x, ints("k", 2, 3), Const("p", Ints(tensor.Shape{2, 2}, 2, 2, 3, 2)), Const("crop", Ints(tensor.Shape{2, 2}, 0, 1, 1, 0)), kernel("w", 2, 2, 5, 4), vector("b", 1, 4),
			Op("s", "SpaceToBatchND", In("x", "k", "p")), Op("c", "Conv2D", In("s", "w"), "padding", "VALID"), Op("j", "BatchToSpaceND", In("c", "k", "crop")), Op("y", "BiasAdd", In("j", "b")),
		}, conv(2, 1, func(l *layer.Convolution) {
			l.Dilation, l.Bias, l.Padding = [2]int{2, 3}, true, layer.Padding{Top: 2, Bottom: 1, Left: 2, Right: 2}
		})},
		{"dilated by blocks, SAME within", Graph{
			x, ints("k", 2, 2), Const("p", Ints(tensor.Shape{2, 2}, 0, 0, 0, 1)), Const("crop", Ints(tensor.Shape{2, 2}, 0, 0, 0, 1)), kernel("w", 4, 3, 5, 4), vector("b", 1, 4),
			Op("s", "SpaceToBatchND", In("x", "k", "p")), Op("c", "Conv2D", In("s", "w"), "padding", "SAME"), Op("d", "BiasAdd", In("c", "b")), Op("y", "BatchToSpaceND", In("d", "k", "crop")),
		}, conv(3, 1, func(l *layer.Convolution) {
			l.Kernel, l.Dilation, l.Bias, l.Padding = [2]int{4, 3}, [2]int{2, 2}, true, layer.Padding{Top: 2, Bottom: 4, Left: 2, Right: 2}
		})},
		{"depthwise, dilated by blocks", Graph{
			x, ints("k", 2, 2), Const("p", Ints(tensor.Shape{2, 2}, 2, 2, 2, 3)), Const("crop", Ints(tensor.Shape{2, 2}, 0, 0, 0, 1)), kernel("w", 3, 3, 5, 2),
			Op("s", "SpaceToBatchND", In("x", "k", "p")), Op("c", "DepthwiseConv2dNative", In("s", "w"), "padding", "VALID"), Op("y", "BatchToSpaceND", In("c", "k", "crop")),
		}, conv(3, 1, func(l *layer.Convolution) {
			l.Outputs, l.Groups, l.Dilation, l.Padding = 10, 5, [2]int{2, 2}, layer.Symmetric(2, 2)
		})},
		{"groups by Split", Graph{
			Placeholder("x", -1, 6, 7, 4), Const("a", Ints(tensor.Shape{}, 3)), Op("s", "Split", In("a", "x"), "num_split", 2), kernel("w0", 3, 3, 2, 2), kernel("w1", 3, 3, 2, 2),
			vector("b0", 1, 2), vector("b1", -1, 2), Op("c0", "Conv2D", In("s", "w0"), "padding", "SAME"), Op("c1", "Conv2D", In("s:1", "w1"), "padding", "SAME"),
			Op("d0", "BiasAdd", In("c0", "b0")), Op("d1", "BiasAdd", In("c1", "b1")), Op("y", "ConcatV2", In("d0", "d1", "a")),
		}, conv(3, 1, func(l *layer.Convolution) { l.Groups, l.Bias, l.Padding.Mode = 2, true, layer.SameUpper })},
		{"groups by slices, one bias", together(
			Placeholder("x", -1, 6, 7, 4), slice("s0", "x", 0, 2), slice("s1", "x", 2, 4), Const("a", Ints(tensor.Shape{}, -1)), kernel("w0", 3, 3, 2, 2), kernel("w1", 3, 3, 2, 2), vector("b", 1, 4),
			Op("c0", "Conv2D", In("s0", "w0"), "padding", "VALID"), Op("c1", "Conv2D", In("s1", "w1"), "padding", "VALID"), Op("z", "ConcatV2", In("c0", "c1", "a")), Op("y", "BiasAdd", In("z", "b")),
		), conv(3, 1, func(l *layer.Convolution) { l.Groups, l.Bias = 2, true })},
		{"groups of one filter", Graph{
			Placeholder("x", -1, 6, 7, 4), Const("a", Ints(tensor.Shape{}, 3)), Op("s", "Split", In("a", "x"), "num_split", 2), kernel("w", 3, 3, 2, 4), Op("ws", "Split", In("a", "w"), "num_split", 2),
			Op("c0", "Conv2D", In("s", "ws"), "padding", "VALID"), Op("c1", "Conv2D", In("s:1", "ws:1"), "padding", "VALID"), Op("y", "ConcatV2", In("c0", "c1", "a")),
		}, conv(3, 1, func(l *layer.Convolution) { l.Groups = 2 })},

		{"tf.nn.batch_normalization", together(x, normal, root, Op("s", "Mul", In("r", "g")), Op("xs", "Mul", In("x", "s")), Op("ms", "Mul", In("m", "s")), Op("t", "Sub", In("b", "ms")), Op("y", "AddV2", In("xs", "t"))), norm(false, 0.125)},
		{"without scale", together(x, normal, root, Op("xs", "Mul", In("x", "r")), Op("ms", "Mul", In("m", "r")), Op("t", "Sub", In("b", "ms")), Op("y", "AddV2", In("xs", "t"))), norm(false, 0.125)},
		{"without offset", together(x, normal, root, Op("s", "Mul", In("g", "r")), Op("xs", "Mul", In("s", "x")), Op("ms", "Mul", In("m", "s")), Op("t", "Neg", In("ms")), Op("y", "Add", In("t", "xs"))), norm(false, 0.125)},
		{"neither scale nor offset", together(x, normal, root, Op("xs", "Mul", In("x", "r")), Op("ms", "Mul", In("m", "r")), Op("y", "Sub", In("xs", "ms"))), norm(false, 0.125)},
		{"distance over deviation", together(x, normal, Op("d", "Sub", In("x", "m")), Op("ve", "Add", In("e", "v")), Op("dev", "Sqrt", In("ve")), Op("n", "RealDiv", In("d", "dev")), Op("n2", "Mul", In("n", "g")), Op("y", "AddV2", In("b", "n2"))), norm(false, 0.125)},
		{"distance times scale over deviation", together(x, normal, root, Op("d", "Sub", In("x", "m")), Op("s", "Mul", In("g", "r")), Op("n", "Mul", In("d", "s")), Op("y", "AddV2", In("n", "b"))), norm(false, 0.125)},
		{"scale times distance, then 1/deviation", together(x, normal, root, Op("d", "Sub", In("x", "m")), Op("s", "Mul", In("d", "g")), Op("n", "Mul", In("s", "r")), Op("y", "BiasAdd", In("n", "b"))), norm(false, 0.125)},
		{"a power for the root", together(x, normal, scalar("half", 0.5), Op("d", "Sub", In("x", "m")), Op("ve", "AddV2", In("v", "e")), Op("dev", "Pow", In("ve", "half")), Op("n", "Div", In("d", "dev"), "T", tensorproto.Float), Op("n2", "Mul", In("g", "n")), Op("y", "AddV2", In("n2", "b"))), norm(false, 0.125)},
		{"a negative power", together(x, normal, scalar("half", -0.5), Op("d", "Sub", In("x", "m")), Op("ve", "AddV2", In("v", "e")), Op("dev", "Pow", In("ve", "half")), Op("n", "Mul", In("d", "dev")), Op("n2", "Mul", In("g", "n")), Op("y", "AddV2", In("n2", "b"))), norm(false, 0.125)},
		{"constants of four axes", together(x, vector("m", -0.5, 1, 1, 1, 5), vector("v", 0.25, 1, 1, 1, 5), vector("g", -1.5, 1, 1, 1, 5), vector("b", 0.75, 1, 1, 1, 5), scalar("e", 0.125), root,
			Op("s", "Mul", In("r", "g")), Op("xs", "Mul", In("x", "s")), Op("ms", "Mul", In("m", "s")), Op("t", "Sub", In("b", "ms")), Op("y", "AddV2", In("xs", "t"))), norm(false, 0.125)},
		{"of a matrix", together(Placeholder("x", -1, 5), normal, root, Op("s", "Mul", In("r", "g")), Op("xs", "Mul", In("x", "s")), Op("ms", "Mul", In("m", "s")), Op("t", "Sub", In("b", "ms")), Op("y", "AddV2", In("xs", "t"))), norm(false, 0.125)},
		{"folded constants", Graph{x, vector("a", -1), vector("c", 2), Op("xs", "Mul", In("x", "a")), Op("y", "AddV2", In("xs", "c"))}, layer.Scale{Axis: 1, Bias: true}},
		{"folded constants of four axes", Graph{x, vector("a", -1, 1, 1, 1, 5), vector("c", 2, 1, 1, 1, 5), Op("xs", "Mul", In("a", "x")), Op("y", "Add", In("c", "xs"))}, layer.Scale{Axis: 1, Bias: true}},

		{"training", together(x, normal, momentsOf("x", true, 0, 1, 2), Op("mq", "Squeeze", In("mean"), "squeeze_dims", []int{0, 1, 2}), Op("vq", "Squeeze", In("variance"), "squeeze_dims", []int{0, 1, 2}),
			Op("ve", "AddV2", In("vq", "e")), Op("r", "Rsqrt", In("ve")), Op("s", "Mul", In("r", "g")), Op("xs", "Mul", In("x", "s")), Op("ms", "Mul", In("mq", "s")), Op("t", "Sub", In("b", "ms")), Op("y", "AddV2", In("xs", "t"))), norm(true, 0.125)},
		{"training without scale", together(x, normal, momentsOf("x", true, 0, 1, 2), Op("ve", "AddV2", In("variance", "e")), Op("r", "Rsqrt", In("ve")), Op("d", "Sub", In("x", "mean")), Op("n", "Mul", In("d", "r")), Op("y", "AddV2", In("n", "b"))), norm(true, 0.125)},
		{"training, of a matrix", together(Placeholder("x", 4, 5), normal, momentsOf("x", false, 0), Op("ve", "AddV2", In("variance", "e")), Op("r", "Rsqrt", In("ve")), Op("s", "Mul", In("r", "g")), Op("xs", "Mul", In("x", "s")), Op("ms", "Mul", In("mean", "s")), Op("t", "Sub", In("b", "ms")), Op("y", "AddV2", In("xs", "t"))), norm(true, 0.125)},
		{"training, squares less the square of the mean", together(x, normal, reduce("mean", "Mean", "x", true, 0, 1, 2), Op("sq", "Square", In("x")), reduce("ms", "Mean", "sq", true, 0, 1, 2), Op("mm", "Square", In("mean")), Op("variance", "Sub", In("ms", "mm")),
			Op("ve", "AddV2", In("variance", "e")), Op("r", "Rsqrt", In("ve")), Op("d", "Sub", In("x", "mean")), Op("n", "Mul", In("d", "r")), Op("y", "AddV2", In("n", "b"))), norm(true, 0.125)},

		{"l2_normalize", together(x, scalar("e", 0.5), Op("sq", "Square", In("x")), reduce("sum", "Sum", "sq", true, 3), Op("most", "Maximum", In("sum", "e")), Op("r", "Rsqrt", In("most")), Op("y", "Mul", In("x", "r"))),
			layer.L2Normalize{Axes: []int{1}, Epsilon: 0.5}},
		{"l2_normalize over a norm", together(x, scalar("e", 0.5), Op("sq", "Mul", In("x", "x")), reduce("sum", "Sum", "sq", true, 1, 2), Op("norm", "Sqrt", In("sum")), Op("most", "Maximum", In("norm", "e")), Op("y", "RealDiv", In("x", "most"))),
			layer.L2Normalize{Axes: []int{2, 3}, Epsilon: 0.25}},
		{"swish", Graph{x, Op("s", "Sigmoid", In("x")), Op("y", "Mul", In("s", "x"))}, layer.Swish{Beta: 1}},
		{"swish with a factor", Graph{x, scalar("k", 1.5), Op("kx", "Mul", In("k", "x")), Op("s", "Sigmoid", In("kx")), Op("y", "Mul", In("x", "s"))}, layer.Swish{Beta: 1.5}},
		{"swish by an exponential", Graph{x, scalar("one", 1), Op("n", "Neg", In("x")), Op("p", "Exp", In("n")), Op("q", "AddV2", In("one", "p")), Op("y", "RealDiv", In("x", "q"))}, layer.Swish{Beta: 1}},
		{"hard swish", Graph{x, scalar("three", 1), scalar("sixth", 0.25), Op("z", "AddV2", In("x", "three")), Op("r", "Relu6", In("z")), Op("xr", "Mul", In("x", "r")), Op("y", "Mul", In("xr", "sixth"))},
			layer.HardSwish{Slope: 0.25, Shift: 0.25, Limit: 1.5}},
		{"hard swish by limits", Graph{x, scalar("slope", 0.5), scalar("half", 0.75), scalar("lo", 0), scalar("hi", 1), Op("z", "Mul", In("x", "slope")), Op("z2", "AddV2", In("z", "half")), Op("a", "Minimum", In("z2", "hi")), Op("c", "Maximum", In("a", "lo")), Op("y", "Mul", In("c", "x"))},
			layer.HardSwish{Slope: 0.5, Shift: 0.75, Limit: 1}},
		{"swish with a product by one", Graph{x, scalar("one", 1), Op("kx", "Mul", In("one", "x")), Op("s", "Sigmoid", In("kx")), Op("y", "Mul", In("kx", "s"))}, layer.Swish{Beta: 1}},
		{"a line", Graph{x, scalar("a", 0.5), scalar("c", -3), scalar("d", 0.25), Op("z", "Sub", In("x", "a")), Op("zc", "Mul", In("z", "c")), Op("y", "RealDiv", In("zc", "d"))}, layer.Power{Power: 1, Scale: -12, Shift: 6}},
		{"leaky ReLU by a maximum", Graph{x, scalar("k", 0.25), Op("kx", "Mul", In("k", "x")), Op("y", "Maximum", In("x", "kx"))}, layer.ReLU{Slope: 0.25}},
		{"leaky ReLU by two rectifiers", Graph{x, scalar("k", 0.25), Op("p", "Relu", In("x")), Op("n", "Neg", In("x")), Op("q", "Relu", In("n")), Op("kq", "Mul", In("q", "k")), Op("y", "Sub", In("p", "kq"))}, layer.ReLU{Slope: 0.25}},
		{"leaky ReLU by a magnitude", Graph{x, scalar("f", 0.625), scalar("h", 0.375), Op("fx", "Mul", In("f", "x")), Op("a", "Abs", In("x")), Op("ha", "Mul", In("a", "h")), Op("y", "AddV2", In("fx", "ha"))}, layer.ReLU{Slope: 0.25}},
		{"leaky ReLU by a choice", Graph{x, scalar("k", 0.25), scalar("zero", 0), Op("kx", "Mul", In("k", "x")), Op("c", "Greater", In("x", "zero")), Op("y", "SelectV2", In("c", "x", "kx"))}, layer.ReLU{Slope: 0.25}},
		{"PReLU by two rectifiers", Graph{x, vector("k", -0.25), Op("p", "Relu", In("x")), Op("n", "Neg", In("x")), Op("q", "Relu", In("n")), Op("nq", "Neg", In("q")), Op("kq", "Mul", In("k", "nq")), Op("y", "AddV2", In("p", "kq"))}, layer.PReLU{}},
		{"PReLU by a magnitude", Graph{x, vector("k", -0.25), scalar("half", 0.5), Op("p", "Relu", In("x")), Op("a", "Abs", In("x")), Op("d", "Sub", In("x", "a")), Op("kd", "Mul", In("k", "d")), Op("h", "Mul", In("kd", "half")), Op("y", "AddV2", In("p", "h"))}, layer.PReLU{}},
		{"softmax", together(x, reduce("most", "Max", "x", true, -1), Op("d", "Sub", In("x", "most")), Op("p", "Exp", In("d")), reduce("sum", "Sum", "p", true, -1), Op("y", "RealDiv", In("p", "sum"))), layer.Softmax{Axis: 1}},
		{"softmax, no gradient through the maximum", together(Placeholder("x", -1, 5), reduce("most", "Max", "x", true, -1), Op("still", "StopGradient", In("most")), Op("d", "Sub", In("x", "still")), Op("p", "Exp", In("d")), reduce("sum", "Sum", "p", true, 1), Op("y", "RealDiv", In("p", "sum"))), layer.Softmax{Axis: 1}},
		{"LRN by slices", together(x, slicesOf(1, 1, 3), scalar("a", 0.25), scalar("k", 2), scalar("beta", 0.75), Op("as", "Mul", In("a", "sum")), Op("ks", "AddV2", In("k", "as")), Op("pw", "Pow", In("ks", "beta")), Op("y", "RealDiv", In("x", "pw"))),
			layer.LRN{Size: 3, Alpha: 0.25, Beta: 0.75, K: 2}},
		{"LRN by a convolution", Graph{x, band(5, 2), scalar("a", 0.25), scalar("k", 2), scalar("beta", -0.75), Op("sq", "Square", In("x")), Op("sum", "Conv2D", In("sq", "band"), "padding", "SAME"), Op("as", "Mul", In("sum", "a")), Op("ks", "AddV2", In("as", "k")), Op("pw", "Pow", In("ks", "beta")), Op("y", "Mul", In("x", "pw"))},
			layer.LRN{Size: 5, Alpha: 0.25, Beta: 0.75, K: 2}},

		{"dropout by floor", together(x2, uniform(2, 6, 7, 5), scalar("keep", 0.75), Op("ku", "AddV2", In("keep", "u")), Op("mask", "Floor", In("ku")), Op("d", "RealDiv", In("x", "keep")), Op("y", "Mul", In("d", "mask"))),
			layer.Dropout{Ratio: 0.25, Active: true, Uniform: true, Scale: 1 / 0.75}},
		{"dropout by floor, range of the numbers", together(x2, uniform(2, 6, 7, 5), scalar("zero", 0), scalar("one", 1), scalar("keep", 0.75), Op("width", "Sub", In("one", "zero")), Op("uw", "Mul", In("u", "width")), Op("uz", "Add", In("uw", "zero")), Op("ku", "Add", In("keep", "uz")), Op("mask", "Floor", In("ku")), Op("d", "Div", In("x", "keep"), "T", tensorproto.Float), Op("y", "Mul", In("d", "mask"))),
			layer.Dropout{Ratio: 0.25, Active: true, Uniform: true, Scale: 1 / 0.75}},
		{"dropout by a choice", together(x2, uniform(2, 6, 7, 5), scalar("rate", 0.25), scalar("scale", 1.375), scalar("zero", 0), Op("d", "Mul", In("x", "scale")), Op("c", "GreaterEqual", In("u", "rate")), Op("y", "SelectV2", In("c", "d", "zero"))),
			layer.Dropout{Ratio: 0.25, Active: true, Uniform: true, Scale: 1.375}},
		{"dropout by a cast comparison", together(x2, uniform(2, 6, 7, 5), scalar("rate", 0.25), scalar("scale", 1.375), Op("d", "Mul", In("x", "scale")), Op("c", "GreaterEqual", In("u", "rate")), Op("mask", "Cast", In("c"), "SrcT", tensorproto.Bool, "DstT", tensorproto.Float), Op("y", "Mul", In("d", "mask"))),
			layer.Dropout{Ratio: 0.25, Active: true, Uniform: true, Scale: 1.375}},
		{"dropout of nothing", together(x2, uniform(2, 6, 7, 5), scalar("keep", 1), Op("ku", "AddV2", In("keep", "u")), Op("mask", "Floor", In("ku")), Op("d", "RealDiv", In("x", "keep")), Op("y", "Mul", In("d", "mask"))),
			layer.Dropout{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			recognised, plain := read(t, c.graph)
			y := recognised.Node("y")
			if y == nil {
				t.Fatalf("got the nodes %v", kinds(recognised))
			}
			if diff := cmp.Diff(c.want, y.Layer); diff != "" {
				t.Error(diff)
			}
			if extra := len(recognised.Nodes) - 1; extra > 0 && c.name != "Relu, Pad and MaxPool" {
				t.Errorf("got the nodes %v", kinds(recognised))
			}
			if len(y.Parts) < 2 || len(y.Origin.Nodes) < 2 {
				t.Errorf("got %d parts, the origin %v", len(y.Parts), y.Origin)
			}
			checkEqual(t, recognised, plain, true)
			checkApart(t, recognised, plain)

			recognised, plain = read(t, ofConstants(c.graph))
			checkEqual(t, recognised, plain, false)
		})
	}
}

// ofConstants is a graph with constants in the place of its inputs, so that nodes which read nothing stand before every other.
func ofConstants(g Graph) Graph {
	g = slices.Clone(g)
	for i, n := range g {
		if n.Op == "Placeholder" {
			shape := slices.Clone(n.Attrs["shape"].(tensor.Shape))
			shape[0] = max(shape[0], 2)
			g[i] = kernel(n.Name, shape...)
		}
	}
	return append(g, Placeholder("fed", 1), Op("other", "Relu", In("fed")))
}
