package lower

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
	. "parity/importers/onnx/onnxtest"
)

func parse(t *testing.T, m Model) *model.Model {
	t.Helper()
	if m.Opset == 0 {
		m.Opset = 13
	}
	parsed, err := model.Parse("net.onnx", m.Binary())
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func lowerOK(t *testing.T, m Model) *graph.Graph {
	t.Helper()
	g, err := Lower(parse(t, m))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// kinds lists the layers as "name Kind".
func kinds(g *graph.Graph) []string {
	var list []string
	for _, n := range g.Nodes {
		list = append(list, n.Name+" "+n.Layer.Kind())
	}
	return list
}

// window is one that slides by one without padding, changed.
func window(h, w int, change ...func(*layer.Window)) layer.Window {
	win := layer.Window{Kernel: [2]int{h, w}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	for _, f := range change {
		f(&win)
	}
	return win
}

// net is a model of one node y.
func net(opset int, in Value, y Node, weights ...Tensor) Model {
	return Model{Opset: opset, Inputs: []Value{in}, Weights: weights, Nodes: []Node{y}}
}

var (
	x4 = Input("x", -1, 6, 8, 9)
	x3 = Input("x", -1, 6, 9)
	x2 = Input("x", -1, 6)
	w  = func(shape ...int) Tensor { return Ramp("w", shape...) }
	b  = func(shape ...int) Tensor { return Ramp("b", shape...) }
)

// Every operation in a model of its own: the layer that writes y, and the shape of its output for a batch of 2.
func TestOperations(t *testing.T) {
	padded := func(top, left, bottom, right int) func(*layer.Window) {
		return func(w *layer.Window) { w.Padding = layer.Padding{Top: top, Left: left, Bottom: bottom, Right: right} }
	}
	strided := func(h, w int) func(*layer.Window) { return func(win *layer.Window) { win.Stride = [2]int{h, w} } }
	dilated := func(h, w int) func(*layer.Window) { return func(win *layer.Window) { win.Dilation = [2]int{h, w} } }
	same := func(m layer.PadMode) func(*layer.Window) { return func(w *layer.Window) { w.Padding.Mode = m } }
	for _, c := range []struct {
		name  string
		model Model
		layer layer.Layer
		shape tensor.Shape
	}{
		{"Conv", net(13, x4, Op("y", "Conv", In("x", "w")), w(5, 6, 3, 2)), layer.Convolution{Window: window(3, 2), Outputs: 5, Groups: 1}, tensor.Shape{2, 5, 6, 8}},
		{"Conv with pads", net(7, x4, Op("y", "Conv", In("x", "w", "b"), "kernel_shape", []int{3, 2}, "pads", []int{1, 2, 3, 4}, "strides", []int{2, 3}, "dilations", []int{2, 1}, "auto_pad", "NOTSET"), w(5, 6, 3, 2), b(5)),
			layer.Convolution{Window: window(3, 2, padded(1, 2, 3, 4), strided(2, 3), dilated(2, 1)), Outputs: 5, Groups: 1, Bias: true}, tensor.Shape{2, 5, 4, 5}},
		{"Conv in groups", net(13, x4, Op("y", "Conv", In("x", "w", ""), "group", 3), w(9, 2, 1, 1)), layer.Convolution{Window: window(1, 1), Outputs: 9, Groups: 3}, tensor.Shape{2, 9, 8, 9}},
		{"Conv SAME_UPPER", net(13, x4, Op("y", "Conv", In("x", "w"), "auto_pad", "SAME_UPPER", "strides", []int{2, 2}), w(5, 6, 3, 3)),
			layer.Convolution{Window: window(3, 3, same(layer.SameUpper), strided(2, 2)), Outputs: 5, Groups: 1}, tensor.Shape{2, 5, 4, 5}},
		{"Conv SAME_LOWER", net(13, x4, Op("y", "Conv", In("x", "w"), "auto_pad", "SAME_LOWER"), w(5, 6, 2, 3)),
			layer.Convolution{Window: window(2, 3, same(layer.SameLower)), Outputs: 5, Groups: 1}, tensor.Shape{2, 5, 8, 9}},
		{"Conv VALID", net(13, x4, Op("y", "Conv", In("x", "w"), "auto_pad", "VALID"), w(5, 6, 2, 3)), layer.Convolution{Window: window(2, 3), Outputs: 5, Groups: 1}, tensor.Shape{2, 5, 7, 7}},
		{"MaxPool", net(13, x4, Op("y", "MaxPool", In("x"), "kernel_shape", []int{3, 2}, "strides", []int{2, 3}, "pads", []int{1, 0, 0, 1}, "storage_order", 1)),
			layer.MaxPool{Pool: layer.Pool{Window: window(3, 2, strided(2, 3), padded(1, 0, 0, 1))}}, tensor.Shape{2, 6, 4, 3}},
		{"MaxPool with ceil_mode", net(13, x4, Op("y", "MaxPool", In("x"), "kernel_shape", []int{3, 3}, "strides", []int{2, 2}, "ceil_mode", true)),
			layer.MaxPool{Pool: layer.Pool{Window: window(3, 3, strided(2, 2)), Ceil: true, Clip: true}}, tensor.Shape{2, 6, 4, 4}},
		{"AveragePool", net(7, x4, Op("y", "AveragePool", In("x"), "kernel_shape", []int{3, 3}, "pads", []int{1, 1, 1, 1})),
			layer.AveragePool{Pool: layer.Pool{Window: window(3, 3, padded(1, 1, 1, 1))}, Divisor: layer.ValidCells}, tensor.Shape{2, 6, 8, 9}},
		{"AveragePool with count_include_pad", net(7, x4, Op("y", "AveragePool", In("x"), "kernel_shape", []int{3, 3}, "pads", []int{1, 1, 1, 1}, "count_include_pad", 1)),
			layer.AveragePool{Pool: layer.Pool{Window: window(3, 3, padded(1, 1, 1, 1))}, Divisor: layer.PaddedCells}, tensor.Shape{2, 6, 8, 9}},
		{"AveragePool SAME_UPPER", net(19, x4, Op("y", "AveragePool", In("x"), "kernel_shape", []int{2, 2}, "strides", []int{2, 2}, "auto_pad", "SAME_UPPER", "ceil_mode", 1)),
			layer.AveragePool{Pool: layer.Pool{Window: window(2, 2, strided(2, 2), same(layer.SameUpper))}}, tensor.Shape{2, 6, 4, 5}},
		{"GlobalAveragePool", net(13, x4, Op("y", "GlobalAveragePool", In("x"))), layer.AveragePool{Pool: layer.Pool{Global: true}}, tensor.Shape{2, 6, 1, 1}},
		{"GlobalMaxPool", net(13, x4, Op("y", "GlobalMaxPool", In("x"))), layer.MaxPool{Pool: layer.Pool{Global: true}}, tensor.Shape{2, 6, 1, 1}},
		{"ReduceMean", net(13, x4, Op("y", "ReduceMean", In("x"), "axes", []int{2, -1})), layer.AveragePool{Pool: layer.Pool{Global: true}}, tensor.Shape{2, 6, 1, 1}},
		{"ReduceMean with an input", net(18, x4, Op("y", "ReduceMean", In("x", "a")), Ints("a", -2, 3)), layer.AveragePool{Pool: layer.Pool{Global: true}}, tensor.Shape{2, 6, 1, 1}},
		{"ReduceMean without keepdims", net(13, x4, Op("y", "ReduceMean", In("x"), "axes", []int{2, 3}, "keepdims", false)), layer.Reshape{Shape: []int{0, -1}}, tensor.Shape{2, 6}},
		{"LRN", net(13, x4, Op("y", "LRN", In("x"), "size", 5, "alpha", float32(0.5), "beta", float32(0.25), "bias", float32(2))), layer.LRN{Size: 5, Alpha: 0.1, Beta: 0.25, K: 2}, tensor.Shape{2, 6, 8, 9}},
		{"LRN by default", net(13, x4, Op("y", "LRN", In("x"), "size", 1)), layer.LRN{Size: 1, Alpha: float64(float32(1e-4)), Beta: 0.75, K: 1}, tensor.Shape{2, 6, 8, 9}},
		{"Relu", net(13, x4, Op("y", "Relu", In("x"))), layer.ReLU{}, tensor.Shape{2, 6, 8, 9}},
		{"LeakyRelu", net(13, x4, Op("y", "LeakyRelu", In("x"), "alpha", float32(0.125))), layer.ReLU{Slope: 0.125}, tensor.Shape{2, 6, 8, 9}},
		{"LeakyRelu by default", net(13, x4, Op("y", "LeakyRelu", In("x"))), layer.ReLU{Slope: float64(float32(0.01))}, tensor.Shape{2, 6, 8, 9}},
		{"Concat", net(13, x4, Op("y", "Concat", In("x", "x", "x"), "axis", -3)), layer.Concat{Axis: 1}, tensor.Shape{2, 18, 8, 9}},
		{"Gemm", net(13, x2, Op("y", "Gemm", In("x", "w", "b"), "transB", 1), w(5, 6), b(5)), layer.InnerProduct{Outputs: 5, Bias: true}, tensor.Shape{2, 5}},
		{"Gemm without C", net(13, x2, Op("y", "Gemm", In("x", "w")), w(6, 5)), layer.InnerProduct{Outputs: 5}, tensor.Shape{2, 5}},
		{"Gemm transposed", net(13, Input("x", 6, -1), Op("y", "Gemm", In("x", "w"), "transA", 1), w(6, 5)), layer.InnerProduct{Outputs: 5}, tensor.Shape{2, 5}},
		{"MatMul", net(13, x2, Op("y", "MatMul", In("x", "w")), w(6, 5)), layer.InnerProduct{Outputs: 5}, tensor.Shape{2, 5}},
		{"MatMul along the last axis", net(13, Input("x", -1, 3, 6), Op("y", "MatMul", In("x", "w")), w(6, 5)), layer.Reshape{Shape: []int{-1, 3, 5}}, tensor.Shape{2, 3, 5}},
		{"Add", net(13, x4, Op("y", "Add", In("x", "w")), w(6, 1, 1)), layer.Bias{Axis: 1}, tensor.Shape{2, 6, 8, 9}},
		{"Add, constant first", net(13, x4, Op("y", "Add", In("w", "x")), w(1, 1, 8, 1)), layer.Bias{Axis: 2}, tensor.Shape{2, 6, 8, 9}},
		{"Add at the end", net(13, x4, Op("y", "Add", In("x", "w")), w(9)), layer.Bias{Axis: 3}, tensor.Shape{2, 6, 8, 9}},
		{"Add of one number", net(13, x4, Op("y", "Add", In("x", "w")), w()), layer.Power{Power: 1, Scale: 1, Shift: 1}, tensor.Shape{2, 6, 8, 9}},
		{"Add along two axes", net(13, x4, Op("y", "Add", In("x", "w")), w(1, 8, 9)), layer.Bias{Axis: 2, More: 1}, tensor.Shape{2, 6, 8, 9}},
		{"Add of values", net(13, x4, Op("y", "Add", In("x", "x"))), layer.Eltwise{}, tensor.Shape{2, 6, 8, 9}},
		{"Add of a smaller value", Model{Inputs: []Value{x4}, Nodes: []Node{Op("p", "GlobalMaxPool", In("x")), Op("y", "Add", In("p", "x"))}}, layer.AddAlong{}, tensor.Shape{2, 6, 8, 9}},
		{"Add before version 7", net(6, x4, Op("y", "Add", In("x", "w"), "broadcast", 1, "axis", 1), w(6)), layer.Bias{Axis: 1}, tensor.Shape{2, 6, 8, 9}},
		{"Sub", net(13, x2, Op("y", "Sub", In("x", "w")), w(6)), layer.Bias{Axis: 1}, tensor.Shape{2, 6}},
		{"Sub of values", net(13, x2, Op("y", "Sub", In("x", "x"))), layer.Eltwise{Coefficients: []float64{1, -1}}, tensor.Shape{2, 6}},
		{"Sub of one number", net(13, x2, Op("y", "Sub", In("x", "w")), w()), layer.Power{Power: 1, Scale: 1, Shift: -1}, tensor.Shape{2, 6}},
		{"Sub from one number", net(13, x2, Op("y", "Sub", In("w", "x")), w()), layer.Power{Power: 1, Scale: -1, Shift: 1}, tensor.Shape{2, 6}},
		{"Mul", net(13, x4, Op("y", "Mul", In("x", "w")), w(6, 1, 1)), layer.Scale{Axis: 1}, tensor.Shape{2, 6, 8, 9}},
		{"Mul along three axes", net(13, x4, Op("y", "Mul", In("w", "x")), w(6, 8, 9)), layer.Scale{Axis: 1, More: 2}, tensor.Shape{2, 6, 8, 9}},
		{"Mul of one number", net(13, x4, Op("y", "Mul", In("x", "w")), Floats("w", tensor.Shape{1, 1}, 0.5)), layer.Power{Power: 1, Scale: 0.5}, tensor.Shape{2, 6, 8, 9}},
		{"Mul of values", net(13, x4, Op("y", "Mul", In("x", "x"))), layer.Eltwise{Combination: layer.EltwiseProduct}, tensor.Shape{2, 6, 8, 9}},
		{"Mul of a smaller value", Model{Inputs: []Value{x4}, Nodes: []Node{Op("p", "GlobalMaxPool", In("x")), Op("y", "Mul", In("x", "p"))}}, layer.ScaleAlong{}, tensor.Shape{2, 6, 8, 9}},
		{"Div", net(13, x2, Op("y", "Div", In("x", "w")), w(6)), layer.Scale{Axis: 1}, tensor.Shape{2, 6}},
		{"Div by one number", net(13, x2, Op("y", "Div", In("x", "w")), Floats("w", nil, 4)), layer.Power{Power: 1, Scale: 0.25}, tensor.Shape{2, 6}},
		{"Sum", net(13, x2, Op("y", "Sum", In("x", "x", "x"))), layer.Eltwise{}, tensor.Shape{2, 6}},
		{"Max", net(13, x2, Op("y", "Max", In("x", "x"))), layer.Eltwise{Combination: layer.EltwiseMaximum}, tensor.Shape{2, 6}},
		{"Sigmoid", net(13, x2, Op("y", "Sigmoid", In("x"))), layer.Sigmoid{}, tensor.Shape{2, 6}},
		{"Tanh", net(13, x2, Op("y", "Tanh", In("x"))), layer.Tanh{}, tensor.Shape{2, 6}},
		{"Abs", net(13, x2, Op("y", "Abs", In("x"))), layer.Abs{}, tensor.Shape{2, 6}},
		{"Softplus", net(13, x2, Op("y", "Softplus", In("x"))), layer.Softplus{}, tensor.Shape{2, 6}},
		{"Exp", net(13, x2, Op("y", "Exp", In("x"))), layer.Exp{Base: math.E, Scale: 1}, tensor.Shape{2, 6}},
		{"Log", net(13, x2, Op("y", "Log", In("x"))), layer.Log{Base: math.E, Scale: 1}, tensor.Shape{2, 6}},
		{"Neg", net(13, x2, Op("y", "Neg", In("x"))), layer.Power{Power: 1, Scale: -1}, tensor.Shape{2, 6}},
		{"Sqrt", net(13, x2, Op("y", "Sqrt", In("x"))), layer.Power{Power: 0.5, Scale: 1}, tensor.Shape{2, 6}},
		{"Reciprocal", net(13, x2, Op("y", "Reciprocal", In("x"))), layer.Power{Power: -1, Scale: 1}, tensor.Shape{2, 6}},
		{"Pow", net(13, x2, Op("y", "Pow", In("x", "w")), Floats("w", nil, 3)), layer.Power{Power: 3, Scale: 1}, tensor.Shape{2, 6}},
		{"Elu", net(13, x2, Op("y", "Elu", In("x"), "alpha", float32(0.5))), layer.ELU{Alpha: 0.5}, tensor.Shape{2, 6}},
		{"HardSigmoid", net(13, x2, Op("y", "HardSigmoid", In("x"))), layer.Clip{Max: 1}, tensor.Shape{2, 6}},
		{"Clip", net(13, x2, Op("y", "Clip", In("x", "w")), Floats("w", nil, -2)), layer.Clip{Min: -2, Max: math.Inf(1)}, tensor.Shape{2, 6}},
		{"Clip by attributes", net(6, x2, Op("y", "Clip", In("x"), "max", float32(6), "min", float32(0))), layer.Clip{Max: 6}, tensor.Shape{2, 6}},
		{"PRelu", net(13, x4, Op("y", "PRelu", In("x", "w")), w(6, 1, 1)), layer.PReLU{}, tensor.Shape{2, 6, 8, 9}},
		{"PRelu, one slope", net(13, x4, Op("y", "PRelu", In("x", "w")), w(1)), layer.PReLU{Shared: true}, tensor.Shape{2, 6, 8, 9}},
		{"BatchNormalization", net(13, x4, Op("y", "BatchNormalization", In("x", "w", "b", "b", "w"), "epsilon", float32(0.5)), w(6), b(6)), layer.Scale{Axis: 1, Bias: true}, tensor.Shape{2, 6, 8, 9}},
		{"Softmax", net(13, x4, Op("y", "Softmax", In("x"))), layer.Softmax{Axis: 3}, tensor.Shape{2, 6, 8, 9}},
		{"Softmax by axis", net(13, x4, Op("y", "Softmax", In("x"), "axis", 1)), layer.Softmax{Axis: 1}, tensor.Shape{2, 6, 8, 9}},
		{"Softmax before version 13", net(12, x2, Op("y", "Softmax", In("x"))), layer.Softmax{Axis: 1}, tensor.Shape{2, 6}},
		{"Softmax over all that follows", net(11, x4, Op("y", "Softmax", In("x"))), layer.Reshape{Shape: []int{0, 6, 8, 9}}, tensor.Shape{2, 6, 8, 9}},
		{"Softmax over two axes", net(11, x4, Op("y", "Softmax", In("x"), "axis", 2)), layer.Reshape{Shape: []int{-1, 6, 8, 9}}, tensor.Shape{2, 6, 8, 9}},
		{"Flatten", net(13, x4, Op("y", "Flatten", In("x"))), layer.Reshape{Shape: []int{0, -1}}, tensor.Shape{2, 432}},
		{"Flatten at 0", net(13, x4, Op("y", "Flatten", In("x"), "axis", 0)), layer.Reshape{Shape: []int{1, -1}}, tensor.Shape{1, 864}},
		{"Flatten at -1", net(13, x4, Op("y", "Flatten", In("x"), "axis", -1)), layer.Reshape{Shape: []int{-1, 9}}, tensor.Shape{96, 9}},
		{"Reshape", net(13, x4, Op("y", "Reshape", In("x", "s")), Ints("s", 0, -1, 0)), layer.Reshape{Shape: []int{0, -1, 8}}, tensor.Shape{2, 54, 8}},
		{"Reshape in the first version", net(1, x4, Op("y", "Reshape", In("x"), "shape", []int{-1, 72})), layer.Reshape{Shape: []int{-1, 72}}, tensor.Shape{12, 72}},
		{"Squeeze", net(13, Input("x", -1, 6, 1, 1), Op("y", "Squeeze", In("x", "a")), Ints("a", 2, -1)), layer.Reshape{Shape: []int{0, 6}}, tensor.Shape{2, 6}},
		{"Squeeze by attribute", net(11, Input("x", 1, 6, -1, 1), Op("y", "Squeeze", In("x"), "axes", []int{0, 3})), layer.Reshape{Shape: []int{6, -1}}, tensor.Shape{6, 2}},
		{"Squeeze of all", net(13, Input("x", 1, 6, 1, 2), Op("y", "Squeeze", In("x"))), layer.Reshape{Shape: []int{6, 2}}, tensor.Shape{6, 2}},
		{"Unsqueeze", net(13, x2, Op("y", "Unsqueeze", In("x", "a")), Ints("a", -1, 1)), layer.Reshape{Shape: []int{0, 1, 6, 1}}, tensor.Shape{2, 1, 6, 1}},
		{"Unsqueeze by attribute", net(11, x2, Op("y", "Unsqueeze", In("x"), "axes", []int{0})), layer.Reshape{Shape: []int{1, -1, 6}}, tensor.Shape{1, 2, 6}},
		{"Transpose", net(13, x3, Op("y", "Transpose", In("x"), "perm", []int{1, 0, 2})), layer.Permute{Axes: []int{1, 0, 2}}, tensor.Shape{6, 2, 9}},
		{"Transpose by default", net(13, x3, Op("y", "Transpose", In("x"))), layer.Permute{Axes: []int{2, 1, 0}}, tensor.Shape{9, 6, 2}},
		{"Pad", net(13, x4, Op("y", "Pad", In("x", "p")), Ints("p", 0, 0, 1, 2, 0, 0, 3, 4)), layer.Pad{Before: []int{0, 0, 1, 2}, After: []int{0, 0, 3, 4}}, tensor.Shape{2, 6, 12, 15}},
		{"Pad by attribute", net(2, x2, Op("y", "Pad", In("x"), "pads", []int{0, 1, 0, 2}, "value", float32(0), "mode", "constant")), layer.Pad{Before: []int{0, 1}, After: []int{0, 2}}, tensor.Shape{2, 9}},
		{"Pad of some axes", net(18, x4, Op("y", "Pad", In("x", "p", "", "a")), Ints("p", 1, 2, 3, 4), Ints("a", -1, 2)), layer.Pad{Before: []int{0, 0, 2, 1}, After: []int{0, 0, 4, 3}}, tensor.Shape{2, 6, 14, 13}},
		{"Dropout", net(7, x2, Op("y", "Dropout", In("x"), "ratio", float32(0.25))), layer.Dropout{Ratio: 0.25}, tensor.Shape{2, 6}},
		{"Dropout with inputs", net(13, x2, Op("y", "Dropout", In("x", "r")), Floats("r", nil, 0.75)), layer.Dropout{Ratio: 0.75}, tensor.Shape{2, 6}},
		{"Conv of rows", net(13, x3, Op("y", "Conv", In("x", "w"), "pads", []int{1, 2}, "strides", []int{2}), w(5, 6, 4)), layer.Reshape{Shape: []int{0, 0, -1}}, tensor.Shape{2, 5, 5}},
		{"MaxPool of rows", net(13, x3, Op("y", "MaxPool", In("x"), "kernel_shape", []int{2})), layer.Reshape{Shape: []int{0, 0, -1}}, tensor.Shape{2, 6, 8}},
	} {
		g := lowerOK(t, c.model)
		y := g.Nodes[len(g.Nodes)-1]
		if diff := cmp.Diff(c.layer, y.Layer, cmp.Comparer(near)); diff != "" || !cmp.Equal(y.Outputs, []string{"y"}) {
			t.Errorf("%s: writes %v: %s", c.name, y.Outputs, diff)
			continue
		}
		in := g.Inputs[0].Shape.Clone()
		for i := range in {
			if in[i] < 0 {
				in[i] = 2
			}
		}
		shapes, err := g.Shapes(map[string]tensor.Shape{"x": in})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if !shapes["y"].Equal(c.shape) {
			t.Errorf("%s: got %v, want %v", c.name, shapes["y"], c.shape)
		}
	}
}

// near allows for the division of alpha, and for infinities.
func near(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-15 }

// What the layers here do not do is kept as it is, with the reason.
func TestReasons(t *testing.T) {
	for _, c := range []struct {
		model Model
		want  string
	}{
		{net(13, x4, Op("y", "Strange", In("x"))), ""},
		{net(13, x4, Op("y", "Conv", In("x", "x"))), "its weights are not constant"},
		{net(13, x4, Op("y", "Conv", In("x", "w", "x")), w(6, 6, 1, 1)), "its bias is not constant"},
		{net(13, x2, Op("y", "Clip", In("x", "", "x"))), "its limits are not constant"},
		{net(13, Input("x", 1, 1, 2, 2, 2, 2), Op("y", "MaxPool", In("x"), "kernel_shape", []int{2, 2, 2, 2})), "its kernel has neither one nor two dimensions, nor three without places"},
		{net(13, Value{Name: "x", Type: model.Int32, Shape: tensor.Shape{2, 2}}, Op("y", "Gemm", In("x", "x"))), "it computes with integers"},
		{net(6, x4, Op("y", "BatchNormalization", In("x", "w", "w", "w", "w")), w(6)), "it takes the statistics of the batch as in version 6 and before"},
		{net(13, Value{Name: "x", Type: model.String, Shape: tensor.Shape{2}}, Op("y", "Cast", In("x"), "to", int(model.Float))), "it casts from or to a type that is not computed with"},
		{net(6, x2, Op("y", "Dropout", In("x"))), "it drops elements at random, as in training"},
		{Model{Inputs: []Value{x2}, Nodes: []Node{{Op: "Relu", Inputs: In("x"), Outputs: In("y", "z")}}, Outputs: In("y", "z")}, "more than its first output is read"},
		{net(13, x2, Op("y", "Slice", In("x", "x", "x"))), "its bounds are not constant"},
		{net(13, x2, Op("y", "Split", In("x")), w(1)), "the extent that it splits is not known"},
		{net(13, x2, Op("y", "Tile", In("x", "x"))), "how often it repeats is not constant"},
		{net(13, x2, Op("y", "Expand", In("x", "s")), Ints("s", 2, 6)), "its input's extents are not known"},
		{net(13, x2, Op("y", "Gather", In("x", "x"), "axis", 0)), "its inputs' dimensions are not known"},
		{net(13, x4, Op("y", "ConvTranspose", In("x", "x"))), "its weights are not constant"},
		{net(13, Input("x", -1, 6, -1, 9), Op("y", "ConvTranspose", In("x", "w"), "auto_pad", "SAME_UPPER"), w(6, 2, 3, 3)), "its input's extents, which its padding needs, are not known"},
		{net(13, x2, Op("y", "OneHot", In("x", "x", "x"))), "its depth and values are not constant"},
		{net(13, Value{Name: "x", Type: model.Int64, Shape: tensor.Shape{2, 3}}, Op("y", "ReduceMean", In("x"))), "it takes a mean of integers"},
		{net(8, x4, Op("y", "BatchNormalization", In("x", "w", "w", "w", "w"), "spatial", 0), w(6)), "it has statistics for each element, not for each channel"},
		{net(14, x2, Op("y", "Reshape", In("x", "s"), "allowzero", 1), Ints("s", 0, 6)), "its shape is not constant"},
		{net(13, Input("x", -1, 3, -1, 6), Op("y", "MatMul", In("x", "w")), w(6, 5)), "more than one of its input's extents is not known"},
	} {
		g := lowerOK(t, c.model)
		op := c.model.Nodes[0].Op
		l, ok := g.Nodes[len(g.Nodes)-1].Layer.(layer.Unknown)
		if !ok || l.Op != op {
			t.Errorf("%s: got %v, want the reason %q", op, kinds(g), c.want)
			continue
		}
		got := ""
		for _, d := range l.Details {
			if d.Name == "reason" {
				got = d.Value
			}
		}
		if got != c.want {
			t.Errorf("%s: got the reason %q, want %q", op, got, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		model Model
		want  string
	}{
		{net(13, x4, Op("y", "Relu", In("z"))), `net.onnx:offset 16: node "y" (Relu): its input "z" does not exist: it is no input, no initialiser and no node writes it`},
		{Model{Inputs: []Value{x4}, Nodes: []Node{Op("y", "Relu", In("z")), Op("z", "Relu", In("x"))}}, `its input "z" is written by a later node, or by itself; sort the nodes in the order of execution`},
		{Model{Inputs: []Value{x4}, Nodes: []Node{Op("y", "Relu", In("x")), Op("y", "Relu", In("x"))}}, `it writes "y", which is written already`},
		{Model{Inputs: []Value{x4, x4}, Nodes: []Node{Op("y", "Relu", In("x"))}}, `expected inputs with names of their own, found two with the name "x"`},
		{Model{Inputs: []Value{x4}, Weights: []Tensor{w(1), w(2)}, Nodes: []Node{Op("y", "Relu", In("x"))}}, "another initialiser has this name"},
		{Model{Inputs: []Value{x4}, Nodes: []Node{Op("y", "Relu", In("x"))}, Outputs: In("z")}, `the output "z" is written by no node`},
		{net(13, x4, Op("y", "Conv", In("x", "w")), w(5, 4, 1, 1)), "its weights 5x4x1x1 in 1 group(s) take 4 input channels, found 6"},
		{net(13, x4, Op("y", "Conv", In("x", "w"), "group", 4), w(5, 6, 1, 1)), "the attribute group should divide the 5 outputs, found 4"},
		{net(13, x4, Op("y", "Conv", In("x", "w"), "kernel_shape", []int{2, 2}), w(5, 6, 1, 1)), "the attribute kernel_shape is [2 2], its weights have [1 1]"},
		{net(13, x4, Op("y", "Conv", In("x", "w", "b")), w(5, 6, 1, 1), b(6)), "its bias should have 5 elements, one for each output, found 6"},
		{net(13, x4, Op("y", "Conv", In("x", "w"), "auto_pad", "SAME"), w(5, 6, 1, 1)), `the attribute auto_pad should be NOTSET, SAME_UPPER, SAME_LOWER or VALID, found "SAME"`},
		{net(13, x4, Op("y", "Conv", In("x", "w"), "auto_pad", 3), w(5, 6, 1, 1)), `the attribute auto_pad should be of kind "s", found "i"`},
		{net(13, x4, Op("y", "Conv", In("x", "w"), "pads", []int{1, 1}), w(5, 6, 1, 1)), "the attribute pads should have 4 numbers, those before all dimensions and those after, found [1 1]"},
		{net(13, x4, Op("y", "Conv", In("x", "w"), "pads", []int{1, 1, -1, 1}), w(5, 6, 1, 1)), "the attribute pads should not be negative, found [1 1 -1 1]"},
		{net(13, x4, Op("y", "Conv", In("x", "w"), "strides", []int{1, 0}), w(5, 6, 1, 1)), "the attribute strides should be positive, found [1 0]"},
		{net(13, x2, Op("y", "Conv", In("x", "w")), w(5, 6, 1, 1)), "its input should have 4 dimensions as its weights do, found the shape ?x6"},
		{net(13, x4, Op("y", "BatchNormalization", In("x", "w", "w", "w", "w")), w(5)), "its input 2 has 5 elements for 6 channels"},
		{net(13, x4, Op("y", "BatchNormalization", In("x", "w", "w")), w(6)), "it takes an input, scale, bias, mean and variance, found 3 inputs"},
		{net(13, x2, Op("y", "Mul", In("x"))), "it takes 2 values, found 1"},
		{net(13, x4, Op("y", "MaxPool", In("x"))), "expected the attribute kernel_shape, found none"},
		{net(13, x4, Op("y", "LRN", In("x"))), "expected the attribute size"},
		{net(13, x2, Op("y", "Gemm", In("x", "w")), w(5, 4)), "its weights 5x4 take 5 inputs, found 6"},
		{net(13, x2, Op("y", "MatMul", In("x", "w")), w(5, 4)), "its weights 5x4 take 5 inputs, found 6"},
		{net(13, x2, Op("y", "Concat", In("x", "x"), "axis", 2)), "its axis 2 does not exist in ?x6"},
		{net(13, x2, Op("y", "Softmax", In("x"), "axis", -3)), "its axis -3 does not exist in ?x6"},
		{net(13, x2, Op("y", "Flatten", In("x"), "axis", 3)), "its axis should be one of 2 dimensions, found 3"},
		{net(13, x4, Op("y", "Squeeze", In("x", "a")), Ints("a", 1)), "it cannot drop axis 1 of ?x6x8x9"},
		{net(13, x4, Op("y", "Unsqueeze", In("x", "a")), Ints("a", 7)), "it cannot put in the axes [7] to make 5 dimensions of ?x6x8x9"},
		{net(13, x4, Op("y", "Transpose", In("x"), "perm", []int{0, 1, 1, 2})), "the attribute perm should order 4 axes, found [0 1 1 2]"},
		{net(13, x2, Op("y", "Pad", In("x", "p")), Ints("p", 1, 2)), "its pads should have 4 numbers, those before all dimensions of ?x6 and those after, found 2"},
		{net(13, x2, Op("y", "Gemm", In("x", "w")), Tensor{Name: "w", DType: model.Float, Shape: tensor.Shape{6, 5}, Raw: []byte{1, 2, 3}}),
			`tensor "w": float32 elements of shape 6x5 take 120 bytes, found 3`},
		{Model{Opset: -1, Inputs: []Value{x4}, Nodes: []Node{Op("y", "Relu", In("x"))}}, "expected an opset_import"},
	} {
		m := parse(t, c.model)
		if c.model.Opset < 0 {
			m.Opsets = nil
		}
		if _, err := Lower(m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestTablesOfOperationsAgree(t *testing.T) {
	for op := range decisive {
		if opaque[op] || elementwise[op] {
			t.Errorf("%s takes feature maps and does not", op)
		}
	}
	for op := range opaque {
		if elementwise[op] {
			t.Errorf("%s keeps axes and does not", op)
		}
	}
}
