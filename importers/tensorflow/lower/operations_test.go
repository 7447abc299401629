package lower

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
	. "parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

func parse(t *testing.T, g Graph) *graphdef.Graph {
	t.Helper()
	def, err := graphdef.Parse("net.pb", g.Binary())
	if err != nil {
		t.Fatal(err)
	}
	return def
}

func lowerOK(t *testing.T, g Graph) *graph.Graph {
	t.Helper()
	out, err := Lower(parse(t, g), nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// kinds lists the layers as "name Kind".
func kinds(g *graph.Graph) []string {
	var list []string
	for _, n := range g.Nodes {
		list = append(list, n.Name+" "+n.Layer.Kind())
	}
	return list
}

// unpadded is a window that slides by one.
func unpadded(h, w int) layer.Window {
	return layer.Window{Kernel: [2]int{h, w}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
}

func window(h, w int, change func(*layer.Window)) layer.Window {
	win := unpadded(h, w)
	change(&win)
	return win
}

var (
	x4   = Placeholder("x", -1, 8, 9, 6)
	x4c  = Placeholder("x", -1, 6, 8, 9)
	x2   = Placeholder("x", -1, 6)
	ints = func(name string, values ...int32) Node {
		return Const(name, Ints(tensor.Shape{len(values)}, values...))
	}
	axis = func(v int32) Node { return Const("a", Ints(tensor.Shape{}, v)) }
	w    = func(shape ...int) Node { return Const("w", Ramp(shape...)) }

	empty = Const("e", Floats(tensor.Shape{0}))
)

// Every operation in a graph of its own: the node y, its layer, the shape of its output for a batch of 2, and whether that
// is stored as NHWC.
func TestOperations(t *testing.T) {
	same := layer.Padding{Mode: layer.SameUpper}
	sum := layer.Binary{Operation: layer.Sum}
	for _, c := range []struct {
		name  string
		graph Graph
		layer layer.Layer
		shape tensor.Shape
		nhwc  bool
	}{
		{"Conv2D", Graph{x4, w(3, 2, 6, 5), Op("y", "Conv2D", In("x", "w"), "strides", []int{1, 2, 3, 1}, "padding", "SAME")},
			layer.Convolution{Window: window(3, 2, func(w *layer.Window) { w.Stride = [2]int{2, 3}; w.Padding = same }), Outputs: 5, Groups: 1}, tensor.Shape{2, 5, 4, 3}, true},
		{"Conv2D NCHW", Graph{x4c, w(3, 2, 6, 5), Op("y", "Conv2D", In("x", "w"), "strides", []int{1, 1, 2, 1}, "dilations", []int{1, 1, 2, 3}, "padding", "VALID", "data_format", "NCHW")},
			layer.Convolution{Window: window(3, 2, func(w *layer.Window) { w.Stride = [2]int{2, 1}; w.Dilation = [2]int{2, 3} }), Outputs: 5, Groups: 1}, tensor.Shape{2, 5, 2, 6}, false},
		{"Conv2D EXPLICIT", Graph{x4, w(3, 2, 6, 5), Op("y", "Conv2D", In("x", "w"), "strides", []int{1, 1, 1, 1}, "padding", "EXPLICIT", "explicit_paddings", []int{0, 0, 1, 2, 3, 4, 0, 0})},
			layer.Convolution{Window: window(3, 2, func(w *layer.Window) { w.Padding = layer.Padding{Top: 1, Bottom: 2, Left: 3, Right: 4} }), Outputs: 5, Groups: 1}, tensor.Shape{2, 5, 9, 15}, true},
		{"Conv2D in groups", Graph{x4, w(1, 1, 2, 9), Op("y", "Conv2D", In("x", "w"), "padding", "VALID")},
			layer.Convolution{Window: unpadded(1, 1), Outputs: 9, Groups: 3}, tensor.Shape{2, 9, 8, 9}, true},
		{"DepthwiseConv2dNative", Graph{x4, w(3, 2, 6, 2), Op("y", "DepthwiseConv2dNative", In("x", "w"), "padding", "VALID")},
			layer.Convolution{Window: unpadded(3, 2), Outputs: 12, Groups: 6}, tensor.Shape{2, 12, 6, 8}, true},
		{"BiasAdd", Graph{x4, w(6), Op("y", "BiasAdd", In("x", "w"))}, layer.Bias{Axis: 1}, tensor.Shape{2, 6, 8, 9}, true},
		{"BiasAdd NCHW", Graph{x4c, w(6), Op("y", "BiasAdd", In("x", "w"), "data_format", "NCHW")}, layer.Bias{Axis: 1}, tensor.Shape{2, 6, 8, 9}, false},
		{"BiasAdd matrix", Graph{x2, w(6), Op("y", "BiasAdd", In("x", "w"))}, layer.Bias{Axis: 1}, tensor.Shape{2, 6}, false},
		{"AddV2", Graph{x4, w(6), Op("y", "AddV2", In("x", "w"))}, layer.Bias{Axis: 1}, tensor.Shape{2, 6, 8, 9}, true},
		{"Add, constant first", Graph{x4, w(1, 1, 1, 6), Op("y", "Add", In("w", "x"))}, layer.Bias{Axis: 1}, tensor.Shape{2, 6, 8, 9}, true},
		{"Add along the height", Graph{x4, w(8, 1, 1), Op("y", "Add", In("x", "w"))}, layer.Bias{Axis: 2}, tensor.Shape{2, 6, 8, 9}, true},
		{"Add a map of another order", Graph{x4, w(8, 1, 6), Op("y", "AddV2", In("x", "w"))}, sum, tensor.Shape{2, 6, 8, 9}, true},
		{"Add five axes", Graph{x4, w(3, 1, 1, 1, 6), Op("y", "AddV2", In("x", "w"))}, sum, tensor.Shape{3, 2, 8, 9, 6}, false},
		{"AddN", Graph{x4, Op("y", "AddN", In("x", "x"))}, layer.Eltwise{}, tensor.Shape{2, 6, 8, 9}, true},
		{"Mul", Graph{x4, w(6), Op("y", "Mul", In("w", "x"))}, layer.Scale{Axis: 1}, tensor.Shape{2, 6, 8, 9}, true},
		{"Mul by itself", Graph{x4, Op("y", "Mul", In("x", "x"))}, layer.Binary{Operation: layer.Product}, tensor.Shape{2, 6, 8, 9}, true},
		{"Div of integers", Graph{x2, Op("y", "Div", In("x", "x"), "T", tensorproto.Int32)}, layer.Binary{Operation: layer.WholeQuotient}, tensor.Shape{2, 6}, false},
		{"Div", Graph{x2, Op("y", "Div", In("x", "x"), "T", tensorproto.Float)}, layer.Binary{Operation: layer.Quotient}, tensor.Shape{2, 6}, false},
		{"ClipByValue", Graph{x4, Const("w", Floats(tensor.Shape{}, 1)), ints("c", 7), Op("y", "ClipByValue", In("x", "w", "c"))}, layer.Binary{Operation: layer.Smaller}, tensor.Shape{2, 6, 8, 9}, true},
		{"Select by items", Graph{Placeholder("x", 2), w(2, 8, 9, 6), Op("y", "Select", In("x", "w", "w"))}, layer.Select{}, tensor.Shape{2, 8, 9, 6}, false},
		{"SelectV2", Graph{x4, w(6), Op("y", "SelectV2", In("x", "x", "w"))}, layer.Select{}, tensor.Shape{2, 6, 8, 9}, true},
		{"Where", Graph{x4, Op("y", "Where", In("x"))}, layer.Nonzero{}, tensor.Shape{864, 4}, false},
		{"Relu6", Graph{x4, Op("y", "Relu6", In("x"))}, layer.Clip{Max: 6, Strict: true}, tensor.Shape{2, 6, 8, 9}, true},
		{"Neg", Graph{x4, Op("y", "Neg", In("x"))}, layer.Unary{Function: layer.Negative}, tensor.Shape{2, 6, 8, 9}, true},
		{"Rsqrt", Graph{x4, Op("y", "Rsqrt", In("x"))}, layer.Unary{Function: layer.Rsqrt}, tensor.Shape{2, 6, 8, 9}, true},
		{"Cast", Graph{x4, Op("y", "Cast", In("x"), "SrcT", tensorproto.Float, "DstT", tensorproto.Bool)}, layer.Cast{To: layer.Bool, From: layer.Float32}, tensor.Shape{2, 6, 8, 9}, true},
		{"Sum over the channels", Graph{x4, axis(3), Op("y", "Sum", In("x", "a"))}, layer.Reduce{Reducer: layer.ReduceSum, Axes: []int{1}}, tensor.Shape{2, 8, 9}, false},
		{"Sum over the height", Graph{x4, axis(1), Op("y", "Sum", In("x", "a"))}, layer.Reduce{Reducer: layer.ReduceSum, Axes: []int{1}}, tensor.Shape{2, 9, 6}, false},
		{"Max keeps axes", Graph{x4, ints("m", -1, 1), Op("y", "Max", In("x", "m"), "keep_dims", true)}, layer.Reduce{Reducer: layer.ReduceMax, Axes: []int{1, 2}, Keep: true}, tensor.Shape{2, 1, 1, 9}, true},
		{"Mean of everything", Graph{x2, ints("m", 0, 1), Op("y", "Mean", In("x", "m"))}, layer.Reduce{Reducer: layer.ReduceMean, Axes: []int{0, 1}}, tensor.Shape{}, false},
		{"ArgMin along the width", Graph{x4, axis(-2), Op("y", "ArgMin", In("x", "a"))}, layer.ArgExtreme{Axis: 2, Least: true}, tensor.Shape{2, 8, 6}, false},
		{"L2Loss", Graph{x4, Op("y", "L2Loss", In("x"))}, layer.Reduction{Statistic: layer.ReductionSquares, Factor: 0.5}, tensor.Shape{}, false},
		{"Fill", Graph{Placeholder("x"), ints("s", 3, 4), Op("y", "Fill", In("s", "x"))}, layer.Broadcast{Shape: tensor.Shape{3, 4}}, tensor.Shape{3, 4}, false},
		{"BroadcastTo", Graph{Placeholder("x", 2, 1), ints("s", 2, 4), Op("y", "BroadcastTo", In("x", "s"))}, layer.Broadcast{Shape: tensor.Shape{2, 4}}, tensor.Shape{2, 4}, false},
		{"MatMul of a transposed value", Graph{Placeholder("x", 2, 6), w(2, 5), Op("y", "MatMul", In("x", "w"), "transpose_a", true)}, layer.MatMul{TransposeA: true}, tensor.Shape{6, 5}, false},
		{"BatchMatMulV2", Graph{x4, w(5, 6), Op("y", "BatchMatMulV2", In("x", "w"), "adj_y", true)}, layer.MatMul{TransposeB: true}, tensor.Shape{2, 8, 9, 5}, false},
		{"MatMul", Graph{x2, w(6, 5), Op("y", "MatMul", In("x", "w"))}, layer.InnerProduct{Outputs: 5}, tensor.Shape{2, 5}, false},
		{"MatMul transposed", Graph{x2, w(5, 6), Op("y", "MatMul", In("x", "w"), "transpose_b", true)}, layer.InnerProduct{Outputs: 5}, tensor.Shape{2, 5}, false},
		{"Relu", Graph{x4, Op("y", "Relu", In("x"))}, layer.ReLU{}, tensor.Shape{2, 6, 8, 9}, true},
		{"LeakyRelu", Graph{x4, Op("y", "LeakyRelu", In("x"), "alpha", float32(0.125))}, layer.ReLU{Slope: 0.125}, tensor.Shape{2, 6, 8, 9}, true},
		{"LeakyRelu by default", Graph{x4, Op("y", "LeakyRelu", In("x"))}, layer.ReLU{Slope: float64(float32(0.2))}, tensor.Shape{2, 6, 8, 9}, true},
		{"MaxPool", Graph{x4, Op("y", "MaxPool", In("x"), "ksize", []int{1, 3, 2, 1}, "strides", []int{1, 2, 1, 1}, "padding", "SAME")},
			layer.MaxPool{Pool: layer.Pool{Window: window(3, 2, func(w *layer.Window) { w.Stride = [2]int{2, 1}; w.Padding = same })}}, tensor.Shape{2, 6, 4, 9}, true},
		{"MaxPool NCHW", Graph{x4c, Op("y", "MaxPool", In("x"), "ksize", []int{1, 1, 3, 2}, "strides", []int{1, 1, 2, 1}, "padding", "VALID", "data_format", "NCHW")},
			layer.MaxPool{Pool: layer.Pool{Window: window(3, 2, func(w *layer.Window) { w.Stride = [2]int{2, 1} })}}, tensor.Shape{2, 6, 3, 8}, false},
		{"AvgPool", Graph{x4, Op("y", "AvgPool", In("x"), "ksize", []int{1, 8, 9, 1}, "strides", []int{1, 1, 1, 1}, "padding", "VALID")},
			layer.AveragePool{Pool: layer.Pool{Window: unpadded(8, 9)}, Divisor: layer.ValidCells}, tensor.Shape{2, 6, 1, 1}, true},
		{"LRN", Graph{x4, Op("y", "LRN", In("x"), "depth_radius", 2, "bias", float32(2), "alpha", float32(0.25), "beta", float32(0.75))},
			layer.LRN{Size: 5, Alpha: 0.25, Beta: 0.75, K: 2}, tensor.Shape{2, 6, 8, 9}, true},
		{"LRN by default", Graph{x4, Op("y", "LRN", In("x"))}, layer.LRN{Size: 11, Alpha: 1, Beta: 0.5, K: 1}, tensor.Shape{2, 6, 8, 9}, true},
		{"ConcatV2 of channels", Graph{x4, axis(-1), Op("y", "ConcatV2", In("x", "x", "a"))}, layer.Concat{Axis: 1}, tensor.Shape{2, 12, 8, 9}, true},
		{"Concat of rows", Graph{x4, axis(1), Op("y", "Concat", In("a", "x", "x"))}, layer.Concat{Axis: 2}, tensor.Shape{2, 6, 16, 9}, true},
		{"Softmax", Graph{x2, Op("y", "Softmax", In("x"))}, layer.Softmax{Axis: 1}, tensor.Shape{2, 6}, false},
		{"Softmax of a map", Graph{x4, Op("y", "Softmax", In("x"))}, layer.Softmax{Axis: 1}, tensor.Shape{2, 6, 8, 9}, true},
		{"LogSoftmax", Graph{x4, Op("y", "LogSoftmax", In("x"))}, layer.LogSoftmax{Axis: 1}, tensor.Shape{2, 6, 8, 9}, true},
		{"FusedBatchNorm", Graph{x4, w(6), Op("y", "FusedBatchNorm", In("x", "w", "w", "w", "w"), "is_training", false)},
			layer.FusedBatchNorm{Axis: 1, Epsilon: float64(float32(1e-4))}, tensor.Shape{2, 6, 8, 9}, true},
		{"FusedBatchNormV2 in training, NCHW", Graph{x4c, w(6), empty, Op("y", "FusedBatchNormV2", In("x", "w", "w", "e", "e"), "epsilon", float32(0.25), "data_format", "NCHW")},
			layer.FusedBatchNorm{Axis: 1, Epsilon: 0.25, Batch: true, Factor: 1}, tensor.Shape{2, 6, 8, 9}, false},
		{"FusedBatchNormV3 of volumes", Graph{Placeholder("x", -1, 3, 4, 5, 6), w(6), Op("y", "FusedBatchNormV3", In("x", "w", "w", "w", "w"), "data_format", "NDHWC", "exponential_avg_factor", float32(0.5))},
			layer.FusedBatchNorm{Axis: 4, Epsilon: float64(float32(1e-4)), Batch: true, Factor: 0.5}, tensor.Shape{2, 3, 4, 5, 6}, false},
		{"SoftmaxCrossEntropyWithLogits", Graph{x2, Op("y", "SoftmaxCrossEntropyWithLogits", In("x", "x"))}, layer.SoftmaxCrossEntropyDense{Axis: 1}, tensor.Shape{2}, false},
		{"Pad", Graph{x4, Const("p", Ints(tensor.Shape{4, 2}, 0, 0, 1, 2, 3, 4, 5, 6)), Op("y", "Pad", In("x", "p"))},
			layer.Pad{Before: []int{0, 5, 1, 3}, After: []int{0, 6, 2, 4}}, tensor.Shape{2, 17, 11, 16}, true},
		{"PadV2 with zero", Graph{x2, Const("p", Ints(tensor.Shape{2, 2}, 0, 0, 1, 2)), Const("z", Floats(tensor.Shape{}, 0)), Op("y", "PadV2", In("x", "p", "z"))},
			layer.Pad{Before: []int{0, 1}, After: []int{0, 2}}, tensor.Shape{2, 9}, false},
		{"PadV2", Graph{x2, Const("p", Ints(tensor.Shape{2, 2}, 0, 0, 1, 2)), Const("z", Floats(tensor.Shape{}, 1.5)), Op("y", "PadV2", In("x", "p", "z"))},
			layer.Pad{Before: []int{0, 1}, After: []int{0, 2}, Value: 1.5}, tensor.Shape{2, 9}, false},
		{"MirrorPad", Graph{x4, Const("p", Ints(tensor.Shape{4, 2}, 0, 0, 1, 2, 3, 4, 5, 3)), Op("y", "MirrorPad", In("x", "p"), "mode", "REFLECT")},
			layer.MirrorPad{Before: []int{0, 5, 1, 3}, After: []int{0, 3, 2, 4}}, tensor.Shape{2, 14, 11, 16}, true},
		{"MirrorPad symmetric", Graph{x2, Const("p", Ints(tensor.Shape{2, 2}, 0, 0, 6, 2)), Op("y", "MirrorPad", In("x", "p"), "mode", "SYMMETRIC")},
			layer.MirrorPad{Before: []int{0, 6}, After: []int{0, 2}, Edge: true}, tensor.Shape{2, 14}, false},
		{"Conv2D by a value", Graph{Placeholder("x", 2, 8, 9, 6), Placeholder("w", 3, 2, 6, 5), Op("y", "Conv2D", In("x", "w"), "padding", "VALID")},
			layer.ConvolutionBy{Of: layer.Convolution{Window: unpadded(3, 2), Outputs: 5, Groups: 1}}, tensor.Shape{2, 5, 6, 8}, true},
		{"depthwise by a value", Graph{Placeholder("x", 2, 8, 9, 6), Placeholder("w", 3, 2, 6, 2), Op("y", "DepthwiseConv2dNative", In("x", "w"), "padding", "VALID")},
			layer.ConvolutionBy{Of: layer.Convolution{Window: unpadded(3, 2), Outputs: 12, Groups: 6}}, tensor.Shape{2, 12, 6, 8}, true},
		{"depthwise, dilated", Graph{x4, w(3, 2, 6, 1), Op("y", "DepthwiseConv2dNative", In("x", "w"), "padding", "SAME", "dilations", []int{1, 2, 3, 1})},
			layer.Undilated{Of: layer.Convolution{Window: window(3, 2, func(w *layer.Window) { w.Dilation = [2]int{2, 3}; w.Padding = same }), Outputs: 6, Groups: 6}}, tensor.Shape{2, 6, 8, 9}, true},
		{"Conv2DBackpropInput", Graph{x4, ints("s", 2, 16, 18, 5), w(3, 3, 5, 6), Op("y", "Conv2DBackpropInput", In("s", "w", "x"), "strides", []int{1, 2, 2, 1}, "padding", "SAME")},
			layer.Deconvolution{Window: window(3, 3, func(w *layer.Window) { w.Stride = [2]int{2, 2}; w.Padding = layer.Padding{Bottom: 1, Right: 1} }), Outputs: 5, Groups: 1},
			tensor.Shape{2, 5, 16, 18}, true},
		{"Conv2DBackpropInput with a gap", Graph{x4, ints("s", 23, 25), w(2, 1, 5, 6), Op("y", "Conv2DBackpropInput", In("s", "w", "x"), "strides", []int{1, 3, 3, 1}, "padding", "SAME")},
			layer.Deconvolution{Window: window(2, 1, func(w *layer.Window) { w.Stride = [2]int{3, 3} }), Extra: [2]int{0, 0}, Outputs: 5, Groups: 1}, tensor.Shape{2, 5, 23, 25}, true},
		{"Conv2DBackpropInput in groups", Graph{x4c, ints("s", 2, 4, 9, 11), w(2, 3, 2, 6), Op("y", "Conv2DBackpropInput", In("s", "w", "x"), "padding", "VALID", "data_format", "NCHW")},
			layer.Deconvolution{Window: unpadded(2, 3), Outputs: 4, Groups: 2}, tensor.Shape{2, 4, 9, 11}, false},
		{"BiasAddV1", Graph{x4, w(6), Op("y", "BiasAddV1", In("x", "w"))}, layer.Bias{Axis: 1}, tensor.Shape{2, 6, 8, 9}, true},
		{"BiasAdd of a value", Graph{Placeholder("x", 2, 3, 6), Placeholder("b", 6), Op("y", "BiasAdd", In("x", "b"))}, layer.AddAlong{Axis: 2}, tensor.Shape{2, 3, 6}, false},
		{"BiasAdd NCHW of five axes", Graph{Placeholder("x", 2, 6, 3, 4, 5), w(6), Op("y", "BiasAdd", In("x", "w"), "data_format", "NCHW")}, layer.Bias{Axis: 1}, tensor.Shape{2, 6, 3, 4, 5}, false},
		{"MaxPoolV2", Graph{x4, ints("k", 1, 3, 2, 1), ints("s", 1, 2, 1, 1), Op("y", "MaxPoolV2", In("x", "k", "s"), "padding", "SAME")},
			layer.MaxPool{Pool: layer.Pool{Window: window(3, 2, func(w *layer.Window) { w.Stride = [2]int{2, 1}; w.Padding = same })}}, tensor.Shape{2, 6, 4, 9}, true},
		{"MaxPool over channels", Graph{x4, Op("y", "MaxPool", In("x"), "ksize", []int{1, 1, 1, 2}, "strides", []int{1, 1, 1, 2}, "padding", "VALID")},
			layer.MaxPool{Pool: layer.Pool{Window: window(1, 2, func(w *layer.Window) { w.Stride = [2]int{1, 2} })}}, tensor.Shape{2, 8, 9, 3}, false},
		{"ConcatV2 with a constant", Graph{x4, w(2, 1, 9, 6), axis(1), Op("y", "ConcatV2", In("w", "x", "a"))}, layer.Concat{Axis: 2}, tensor.Shape{2, 6, 9, 9}, true},
		{"Slice", Graph{x4, ints("b", 0, 1, 2, 3), ints("s", -1, 2, -1, 3), Op("y", "Slice", In("x", "b", "s"))},
			layer.StridedSlice{Ranges: []layer.Range{{Stride: 1, EndOpen: true}, {Begin: 3, End: 6, Stride: 1}, {Begin: 1, End: 3, Stride: 1}, {Begin: 2, Stride: 1, EndOpen: true}}},
			tensor.Shape{2, 3, 2, 7}, true},
		{"StridedSlice", Graph{x4, ints("b", 0, -2, 5), ints("e", 0, -9, 0), ints("s", 1, -1, 2), Op("y", "StridedSlice", In("x", "b", "e", "s"), "ellipsis_mask", 1, "end_mask", 4)},
			layer.StridedSlice{Ranges: []layer.Range{layer.Whole, {Begin: 5, Stride: 2, EndOpen: true}, layer.Whole, {Begin: -2, End: -9, Stride: -1}}}, tensor.Shape{2, 1, 8, 7}, true},
		{"StridedSlice, axes dropped and new", Graph{x4, ints("b", 0, 0, 3, 0), ints("e", 0, 0, 4, 0), ints("s", 1, 1, 1, 1), Op("y", "StridedSlice", In("x", "b", "e", "s"), "begin_mask", 1, "end_mask", 1, "new_axis_mask", 2, "shrink_axis_mask", 4, "ellipsis_mask", 8)},
			layer.StridedSlice{Ranges: []layer.Range{layer.Whole, {Begin: 3, Stride: 1, Drop: true}, layer.Whole, layer.Whole}, New: []int{1}}, tensor.Shape{2, 1, 9, 6}, false},
		{"ReverseV2", Graph{x2, ints("r", -1), Op("y", "ReverseV2", In("x", "r"))},
			layer.StridedSlice{Ranges: []layer.Range{layer.Whole, {Stride: -1, BeginOpen: true, EndOpen: true}}}, tensor.Shape{2, 6}, false},
		{"Pack", Graph{x2, w(2, 6), Op("y", "Pack", In("x", "w"), "axis", -1)}, layer.Stack{Axis: 2}, tensor.Shape{2, 6, 2}, false},
		{"Gather", Graph{Placeholder("x", -1, 3), w(5, 4), Op("y", "Gather", In("w", "x"))}, layer.Gather{}, tensor.Shape{2, 3, 4}, false},
		{"GatherV2", Graph{x2, ints("i", 5, 0, 5), axis(-1), Op("y", "GatherV2", In("x", "i", "a"))}, layer.Gather{Axis: 1}, tensor.Shape{2, 3}, false},
		{"GatherV2 by batches", Graph{Placeholder("x", 2, 5, 3), Placeholder("i", 2, 4), axis(1), Op("y", "GatherV2", In("x", "i", "a"), "batch_dims", -1)},
			layer.Gather{Axis: 1, Batch: 1}, tensor.Shape{2, 4, 3}, false},
		{"OneHot", Graph{x2, axis(5), Const("on", Floats(tensor.Shape{}, 0.75)), Const("off", Floats(tensor.Shape{}, 0.25)), Op("y", "OneHot", In("x", "a", "on", "off"), "axis", 1)},
			layer.OneHot{Axis: 1, Depth: 5, On: 0.75, Off: 0.25}, tensor.Shape{2, 5, 6}, false},
		{"Tile", Graph{x4, ints("m", 1, 1, 3, 2), Op("y", "Tile", In("x", "m"))}, layer.Tile{Axis: 1, Tiles: 2}, tensor.Shape{2, 12, 8, 27}, true},
		{"SpaceToBatchND", Graph{x4, ints("k", 2, 3), Const("p", Ints(tensor.Shape{2, 2}, 1, 1, 0, 3)), Op("y", "SpaceToBatchND", In("x", "k", "p"))},
			layer.SpaceToBatch{Axis: 2, Block: []int{2, 3}, Before: []int{1, 0}, After: []int{1, 3}}, tensor.Shape{12, 6, 5, 4}, true},
		{"SpaceToBatchND along one axis", Graph{Placeholder("x", -1, 8, 6), ints("k", 2), Const("p", Ints(tensor.Shape{1, 2}, 1, 3)), Op("y", "SpaceToBatchND", In("x", "k", "p"))},
			layer.SpaceToBatch{Axis: 1, Block: []int{2}, Before: []int{1}, After: []int{3}}, tensor.Shape{4, 6, 6}, false},
		{"BatchToSpace", Graph{Placeholder("x", 8, 3, 5, 4), Const("p", Ints(tensor.Shape{2, 2}, 1, 0, 0, 2)), Op("y", "BatchToSpace", In("x", "p"), "block_size", 2)},
			layer.BatchToSpace{Axis: 2, Block: []int{2, 2}, Before: []int{1, 0}, After: []int{0, 2}}, tensor.Shape{2, 4, 5, 8}, true},
		{"SpaceToDepth", Graph{Placeholder("x", -1, 4, 6, 3), Op("y", "SpaceToDepth", In("x"), "block_size", 2)}, layer.SpaceToDepth{Block: 2}, tensor.Shape{2, 12, 2, 3}, true},
		{"DepthToSpace", Graph{Placeholder("x", -1, 2, 3, 12), Op("y", "DepthToSpace", In("x"), "block_size", 2)}, layer.DepthToSpace{Block: 2}, tensor.Shape{2, 3, 4, 6}, true},
		{"StopGradient", Graph{x4, Op("y", "StopGradient", In("x"))}, layer.Identity{}, tensor.Shape{2, 6, 8, 9}, true},
		{"Transpose to NCHW", Graph{x4, ints("p", 0, 3, 1, 2), Op("y", "Transpose", In("x", "p"))}, layer.Identity{}, tensor.Shape{2, 6, 8, 9}, false},
		{"Transpose of height and width", Graph{x4, ints("p", 0, 2, 1, 3), Op("y", "Transpose", In("x", "p"))}, layer.Permute{Axes: []int{0, 1, 3, 2}}, tensor.Shape{2, 6, 9, 8}, true},
		{"Transpose of a matrix", Graph{x2, ints("p", 1, 0), Op("y", "Transpose", In("x", "p"))}, layer.Permute{Axes: []int{1, 0}}, tensor.Shape{6, 2}, false},
		{"Mean, axes kept", Graph{x4, ints("m", 1, 2), Op("y", "Mean", In("x", "m"), "keep_dims", true)},
			layer.AveragePool{Pool: layer.Pool{Global: true}}, tensor.Shape{2, 6, 1, 1}, true},
		{"Mean", Graph{x4, ints("m", -2, 1), Op("y", "Mean", In("x", "m"))}, layer.Reshape{Shape: []int{0, -1}}, tensor.Shape{2, 6}, false},
		{"Reshape", Graph{x4, ints("s", -1, 432), Op("y", "Reshape", In("x", "s"))}, layer.Reshape{Shape: []int{-1, 432}}, tensor.Shape{2, 432}, false},
		{"Reshape to a map", Graph{x2, ints("s", -1, 1, 3, 2), Op("y", "Reshape", In("x", "s"))}, layer.Permute{Axes: []int{0, 3, 1, 2}}, tensor.Shape{2, 2, 1, 3}, true},
		{"Reshape to one cell", Graph{x2, ints("s", -1, 1, 1, 6), Op("y", "Reshape", In("x", "s"))}, layer.Reshape{Shape: []int{-1, 6, 1, 1}}, tensor.Shape{2, 6, 1, 1}, true},
		{"ExpandDims", Graph{x2, axis(-1), Op("y", "ExpandDims", In("x", "a"))}, layer.Reshape{Shape: []int{0, 6, 1}}, tensor.Shape{2, 6, 1}, false},
		{"Squeeze", Graph{Placeholder("x", -1, 1, 1, 6), Op("y", "Squeeze", In("x"), "squeeze_dims", []int{1, 2})}, layer.Reshape{Shape: []int{0, 6}}, tensor.Shape{2, 6}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := lowerOK(t, c.graph)
			y := g.Node("y")
			if diff := cmp.Diff(c.layer, y.Layer); diff != "" {
				t.Error(diff)
			}
			if !cmp.Equal(g.Outputs, []string{"y"}) {
				t.Errorf("got the outputs %v", g.Outputs)
			}
			if got := g.Values["y"].ToCommon != nil; got != c.nhwc {
				t.Errorf("stored as NHWC: got %v, want %v", got, c.nhwc)
			}
			in := map[string]tensor.Shape{}
			for _, i := range g.Inputs {
				in[i.Name] = i.Shape.Clone()
				if len(i.Shape) > 0 && i.Shape[0] < 0 {
					in[i.Name][0] = 2
				}
			}
			shapes, err := g.Shapes(in)
			if err != nil {
				t.Fatal(err)
			}
			if !shapes["y"].Equal(c.shape) {
				t.Errorf("got the shape %v, want %v", shapes["y"], c.shape)
			}
		})
	}
}

// What is not lowered keeps its place and says why.
func TestUnknown(t *testing.T) {
	for _, c := range []struct {
		graph Graph
		want  string // of the node y
	}{
		{Graph{x4, Op("y", "Strange", In("x"))}, ""},
		{Graph{x4, Op("y", "Conv2D", In("x", "x"), "padding", "SAME")}, "its filter's shape is not known"},
		{Graph{x4, w(1, 1, 6, 5), Op("y", "Conv2D", In("x", "w"), "padding", "SAME", "strides", []int{2, 1, 1, 1})}, "strides [2 1 1 1] over batch or channels"},
		{Graph{x4, Op("y", "MaxPool", In("x"), "ksize", []int{1, 1, 1, 2}, "padding", "VALID")}, "ksize [1 1 1 2] over batch or channels"},
		{Graph{x4, Op("y", "MaxPool", In("x"), "padding", "VALID", "data_format", "NCHW_VECT_C")}, "data_format NCHW_VECT_C"},
		{Graph{x2, Placeholder("m", 1), Op("y", "Mean", In("x", "m"))}, "its axes are not constant"},
		{Graph{x2, Placeholder("p", 2, 2), Op("y", "Pad", In("x", "p"))}, "its paddings are not constant"},
		{Graph{x2, Op("y", "Cast", In("x"), "SrcT", tensorproto.Float, "DstT", tensorproto.String)}, "one of its types is none of numbers"},
		{Graph{x2, ints("s", 2), Op("y", "Fill", In("x", "s"))}, "its shape is not constant"},
	} {
		g := lowerOK(t, c.graph)
		y := g.Node("y")
		l, ok := y.Layer.(layer.Unknown)
		if !ok || !cmp.Equal(y.Outputs, []string{"y"}) || y.Inputs[0] != "x" {
			t.Errorf("%s: got %+v", c.graph[len(c.graph)-1].Op, y)
			continue
		}
		got := ""
		for _, d := range l.Details {
			if d.Name == "reason" {
				got = d.Value
			}
		}
		if got != c.want {
			t.Errorf("%s: got the reason %q, want %q", l.Op, got, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		graph Graph
		want  string
	}{
		{Graph{x4, Op("y", "Relu", In("z"))}, `net.pb:offset 71: node "y" (Relu): its input "z" does not exist: the graph has no node "z"`},
		{Graph{x4, Op("y", "Relu", In("x:a"))}, `its input "x:a" is not the output of a node`},
		{Graph{x4, Op("y", "Relu", In("x")), Op("y", "Relu", In("x"))}, "a node of this name stands at offset"},
		{Graph{x4, Op("a", "AddV2", In("x", "c")), Op("b", "Relu", In("a")), Op("c", "Relu", In("b"))}, "it depends on itself: a <- b <- c <- a"},
		{Graph{w(2), Op("y", "Relu", In("w"))}, "expected a graph with a Placeholder to feed, found 2 nodes without one"},
		{Graph{x4, w(1, 1, 4, 5), Op("y", "Conv2D", In("x", "w"), "padding", "SAME")}, "its filter 1x1x4x5 for 4 input channels does not fit an input of 6"},
		{Graph{x4, w(1, 1, 6, 5), Op("y", "Conv2D", In("x", "w"), "padding", "same")}, `the attribute padding should be SAME, VALID or EXPLICIT, found "same"`},
		{Graph{x4, w(1, 1, 6, 5), Op("y", "Conv2D", In("x", "w"), "padding", 3)}, `the attribute padding should be of kind "s", found "i"`},
		{Graph{x2, w(1, 1, 6, 5), Op("y", "Conv2D", In("x", "w"), "padding", "SAME")}, "its input should have 4 dimensions, found the shape ?x6"},
		{Graph{x2, w(5, 4), Op("y", "MatMul", In("x", "w"))}, "its weights 5x4 take 5 inputs, found 6"},
		{Graph{x4, ints("s", 2, 17, 18, 5), w(3, 3, 5, 6), Op("y", "Conv2DBackpropInput", In("s", "w", "x"), "strides", []int{1, 2, 2, 1}, "padding", "SAME")}, "an output of height 17 belongs to an input of 9, found 8"},
		{Graph{x4, ints("b", 0, 7, 0, 0), ints("s", -1, 2, -1, -1), Op("y", "Slice", In("x", "b", "s"))}, "it cannot take 2 cells from place 7 of dimension 1 of ?x8x9x6"},
		{Graph{x2, ints("b", 0, 0), ints("e", 1, 1), ints("s", 1, 0), Op("y", "StridedSlice", In("x", "b", "e", "s"))}, "the stride 0 at place 1 makes no sense"},
		{Graph{Placeholder("x", 2, 6), axis(1), Op("y", "Split", In("a", "x"), "num_split", 4)}, "4 parts must divide the extent 6 of the axis"},
		{Graph{Placeholder("x", 2, 6), Const("p", Ints(tensor.Shape{2, 2}, 0, 0, 6, 0)), Op("y", "MirrorPad", In("x", "p"), "mode", "REFLECT")}, "a mirror along dimension 1 of 2x6 shows at most 5 cells, not 6 and 0"},
		{Graph{x2, Const("p", Ints(tensor.Shape{2, 2}, 0, 0, 6, 0)), Op("y", "MirrorPad", In("x", "p"), "mode", "EDGE")}, `the attribute mode should be REFLECT or SYMMETRIC, found "EDGE"`},
		{Graph{x2, w(5), Op("y", "BiasAdd", In("x", "w"))}, "its bias has 5 elements for 6 channels"},
		{Graph{x4, ints("m", 1, -3), Op("y", "Sum", In("x", "m"))}, "its axes [1 -3] should be different ones of ?x8x9x6"},
		{Graph{x4, axis(4), Op("y", "ArgMax", In("x", "a"))}, "its axis 4 does not exist in ?x8x9x6"},
		{Graph{Placeholder("x"), ints("s", 65536, 65536), Op("y", "Fill", In("s", "x"))}, "it repeats a value over the shape 65536x65536: more than 16777216 elements"},
		{Graph{x2, axis(7), Op("y", "ConcatV2", In("x", "x", "a"))}, "its axis 7 does not exist in ?x6"},
		{Graph{x4, Op("y", "Squeeze", In("x"), "squeeze_dims", []int{1})}, "it cannot drop axis 1 of ?x8x9x6"},
		{Graph{x4, ints("p", 0, 1, 1, 2), Op("y", "Transpose", In("x", "p"))}, "[0 1 1 2] does not permute the dimensions of ?x8x9x6"},
		{Graph{x2, Const("w", Tensor{DType: tensorproto.Float, Shape: tensor.Shape{6}, Content: []byte{1, 2, 3}}), Op("y", "BiasAdd", In("x", "w"))},
			`node "w" (Const): float32 elements of shape 6 take 24 bytes, found 3`},
	} {
		_, err := Lower(parse(t, c.graph), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// param returns the weights of the node y.
func param(t *testing.T, g Graph) *tensor.Tensor[float32] {
	t.Helper()
	return lowerOK(t, g).Node("y").Params[0].Value.(*tensor.Tensor[float32])
}

// The weights count up from 1 in TensorFlow's order, so that each says where it came from.
func TestWeightsAreTurned(t *testing.T) {
	conv := param(t, Graph{x4, w(3, 2, 6, 20), Op("y", "Conv2D", In("x", "w"), "padding", "SAME")})
	if want := (tensor.Shape{20, 6, 3, 2}); !conv.Shape.Equal(want) {
		t.Fatalf("got %v, want %v", conv.Shape, want)
	}
	for i, got := range conv.Data {
		at := conv.Shape.Index(i) // o, i, h, w
		if want := float32(1 + ((at[2]*2+at[3])*6+at[1])*20 + at[0]); got != want {
			t.Fatalf("at %v: got %v, want %v", at, got, want)
		}
	}
	deep := param(t, Graph{x4, w(3, 2, 6, 4), Op("y", "DepthwiseConv2dNative", In("x", "w"), "padding", "SAME")})
	if want := (tensor.Shape{24, 1, 3, 2}); !deep.Shape.Equal(want) {
		t.Fatalf("got %v, want %v", deep.Shape, want)
	}
	for i, got := range deep.Data {
		at := deep.Shape.Index(i) // i*4+m, 0, h, w
		if want := float32(1 + (at[2]*2+at[3])*24 + at[0]); got != want {
			t.Fatalf("depthwise at %v: got %v, want %v", at, got, want)
		}
	}
	full := param(t, Graph{x2, w(6, 5), Op("y", "MatMul", In("x", "w"))})
	if want := tensor.Permute(tensor.From(full.Data, full.Shape...), 1, 0); !full.Shape.Equal(tensor.Shape{5, 6}) || want.Data[1] != 2 || full.Data[1] != 6 {
		t.Errorf("got %v of %v", full.Data, full.Shape)
	}
	straight := param(t, Graph{x2, w(5, 6), Op("y", "MatMul", In("x", "w"), "transpose_b", true)})
	if !straight.Shape.Equal(tensor.Shape{5, 6}) || straight.Data[1] != 2 {
		t.Errorf("got %v of %v", straight.Data, straight.Shape)
	}
}

func TestTablesOfOperationsAgree(t *testing.T) {
	for op := range operations {
		if bookkeepingOps.MatchString(op) {
			t.Errorf("%s is lowered and left out at once", op)
		}
	}
	for op := range aliasOps {
		if _, ok := operations[op]; !ok && op != "ReadVariableOp" {
			t.Errorf("%s passes constants on, but not values", op)
		}
	}
}
