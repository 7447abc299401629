package lower

import (
	"context"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/engine"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
	. "parity/importers/onnx/onnxtest"
)

// run computes y for an input x that counts up from 1.
func run(t *testing.T, m Model) *tensor.Tensor[float64] {
	t.Helper()
	g := lowerOK(t, m)
	x := tensor.New[float64](g.Inputs[0].Shape...)
	for i := range x.Data {
		x.Data[i] = float64(i + 1)
	}
	r, err := engine.Run(context.Background(), g, map[string]*tensor.Tensor[float64]{"x": x}, engine.Options[float64]{Keep: engine.All})
	if err != nil {
		t.Fatal(err)
	}
	y := r.Values["y"]
	if y == nil {
		t.Fatalf("y was not computed: %v skipped of %v", r.Skipped, kinds(g))
	}
	return y
}

// matrix gives a tensor another shape.
func matrix(t Tensor, shape ...int) Tensor {
	t.Shape = shape
	return t
}

// uint8s is a tensor of uint8; a single number has no axis.
func uint8s(name string, values ...byte) Tensor {
	t := Tensor{Name: name, DType: model.Uint8, Shape: tensor.Shape{len(values)}, Raw: values}
	if len(values) == 1 {
		t.Shape = tensor.Shape{}
	}
	return t
}

// Small cases worked out by hand; x counts up from 1, and so do the weights.
func TestValues(t *testing.T) {
	rows := func(n ...int) Value { return Input("x", n...) }
	e := math.E
	for _, c := range []struct {
		name  string
		model Model
		want  []float64
	}{
		// 2 ([1 2 3] [1 4; 2 5; 3 6]) + 3 [1 2] and so on
		{"Gemm", net(13, rows(2, 3), Op("y", "Gemm", In("x", "w", "b"), "alpha", float32(2), "beta", float32(3), "transB", 1), w(2, 3), b(2)), []float64{31, 70, 67, 160}},
		{"Gemm, one number added", net(13, rows(2, 3), Op("y", "Gemm", In("x", "w", "b")), w(3, 2), b(1)), []float64{23, 29, 50, 65}},
		{"Gemm, transposed", net(13, rows(3, 2), Op("y", "Gemm", In("x", "w"), "transA", 1), w(3, 2)), []float64{35, 44, 44, 56}},
		{"MatMul of vectors", net(13, rows(1, 2, 2), Op("y", "MatMul", In("x", "w")), w(2, 2)), []float64{7, 10, 15, 22}},
		{"MatMul, weights turned before", Model{Opset: 13, Inputs: []Value{rows(1, 2)}, Weights: []Tensor{w(3, 2)},
			Nodes: []Node{Op("t", "Transpose", In("w")), Op("y", "MatMul", In("x", "t"))}}, []float64{5, 11, 17}},
		{"Conv", net(13, rows(1, 1, 2, 3), Op("y", "Conv", In("x", "w", "b")), w(2, 1, 2, 2), b(2)), []float64{1*1 + 2*2 + 3*4 + 4*5 + 1, 1*2 + 2*3 + 3*5 + 4*6 + 1, 5*1 + 6*2 + 7*4 + 8*5 + 2, 5*2 + 6*3 + 7*5 + 8*6 + 2}},
		{"Conv, pads before height and width, then after", net(13, rows(1, 1, 1, 2), Op("y", "Conv", In("x", "w"), "pads", []int{1, 0, 0, 2}), w(1, 1, 1, 1)), []float64{0, 0, 0, 0, 1, 2, 0, 0}},
		{"Conv, SAME_UPPER", net(13, rows(1, 1, 1, 3), Op("y", "Conv", In("x", "w"), "auto_pad", "SAME_UPPER"), w(1, 1, 1, 2)), []float64{5, 8, 3}},
		{"Conv, SAME_LOWER", net(13, rows(1, 1, 1, 3), Op("y", "Conv", In("x", "w"), "auto_pad", "SAME_LOWER"), w(1, 1, 1, 2)), []float64{2, 5, 8}},
		{"Conv of rows", net(13, rows(1, 2, 3), Op("y", "Conv", In("x", "w"), "pads", []int{1, 0}), w(1, 2, 2)), []float64{2*1 + 4*4, 1 + 4 + 12 + 20, 2 + 6 + 15 + 24}},
		{"MaxPool with ceil_mode", net(13, rows(1, 1, 1, 4), Op("y", "MaxPool", In("x"), "kernel_shape", []int{1, 3}, "strides", []int{1, 2}, "ceil_mode", 1)), []float64{3, 4}},
		{"MaxPool, no window behind the edge", net(13, rows(1, 1, 1, 3), Op("y", "MaxPool", In("x"), "kernel_shape", []int{1, 1}, "strides", []int{1, 4}, "ceil_mode", 1)), []float64{1}},
		{"AveragePool", net(13, rows(1, 1, 1, 3), Op("y", "AveragePool", In("x"), "kernel_shape", []int{1, 3}, "pads", []int{0, 1, 0, 1})), []float64{1.5, 2, 2.5}},
		{"AveragePool with count_include_pad", net(13, rows(1, 1, 1, 3), Op("y", "AveragePool", In("x"), "kernel_shape", []int{1, 3}, "pads", []int{0, 1, 0, 1}, "count_include_pad", 1)), []float64{1, 2, 5. / 3}},
		{"AveragePool of rows", net(13, rows(1, 2, 2), Op("y", "AveragePool", In("x"), "kernel_shape", []int{2})), []float64{1.5, 3.5}},
		{"GlobalAveragePool of rows", net(13, rows(1, 2, 2), Op("y", "GlobalAveragePool", In("x"))), []float64{1.5, 3.5}},
		{"LRN", net(13, rows(1, 3, 1, 1), Op("y", "LRN", In("x"), "size", 3, "alpha", float32(3), "beta", float32(1), "bias", float32(2))), []float64{1. / 7, 2. / 16, 3. / 15}},
		{"Add", net(13, rows(1, 2, 2), Op("y", "Add", In("w", "x")), w(2, 1)), []float64{2, 3, 5, 6}},
		{"Add of one number", net(13, rows(2, 2), Op("y", "Add", In("x", "w")), Floats("w", nil, 0.5)), []float64{1.5, 2.5, 3.5, 4.5}},
		{"Sub", net(13, rows(2, 2), Op("y", "Sub", In("x", "w")), w(2)), []float64{0, 0, 2, 2}},
		{"Sub from a vector", net(13, rows(2, 2), Op("y", "Sub", In("w", "x")), w(2)), []float64{0, 0, -2, -2}},
		{"Sub of a larger value", Model{Inputs: []Value{rows(1, 2, 1, 2)}, Nodes: []Node{Op("p", "GlobalMaxPool", In("x")), Op("y", "Sub", In("p", "x"))}}, []float64{1, 0, 1, 0}},
		{"Mul of a smaller value", Model{Inputs: []Value{rows(1, 2, 1, 2)}, Nodes: []Node{Op("p", "GlobalMaxPool", In("x")), Op("y", "Mul", In("x", "p"))}}, []float64{2, 4, 12, 16}},
		{"Mul", net(13, rows(1, 2, 2), Op("y", "Mul", In("x", "w")), w(2, 1)), []float64{1, 2, 6, 8}},
		{"Div", net(13, rows(2, 2), Op("y", "Div", In("x", "w")), w(2)), []float64{1, 1, 3, 2}},
		{"Div of a vector", net(13, rows(2, 2), Op("y", "Div", In("w", "x")), Floats("w", tensor.Shape{2}, 6, 4)), []float64{6, 2, 2, 1}},
		{"Div of values", net(13, rows(2, 2), Op("y", "Div", In("x", "x"))), []float64{1, 1, 1, 1}},
		{"HardSigmoid", net(13, rows(1, 4), Op("y", "HardSigmoid", In("x"), "alpha", float32(0.25), "beta", float32(0))), []float64{0.25, 0.5, 0.75, 1}},
		{"Clip", net(13, rows(1, 4), Op("y", "Clip", In("x", "lo", "hi")), Floats("lo", nil, 2), Floats("hi", nil, 3)), []float64{2, 2, 3, 3}},
		{"PRelu", Model{Inputs: []Value{rows(1, 2, 2)}, Weights: []Tensor{w(2, 1), Floats("m", nil, 3)}, Nodes: []Node{Op("d", "Sub", In("x", "m")), Op("y", "PRelu", In("d", "w"))}}, []float64{-2, -1, 0, 1}},
		{"BatchNormalization", net(13, rows(1, 2, 1), Op("y", "BatchNormalization", In("x", "w", "b", "m", "v"), "epsilon", float32(1)), w(2), b(2), Floats("m", tensor.Shape{2}, 0, 1), Floats("v", tensor.Shape{2}, 3, 0)), []float64{1*(1-0)/2. + 1, 2*(2-1)/1. + 2}},
		{"Softmax", net(13, rows(1, 2, 2), Op("y", "Softmax", In("x"), "axis", 1)), []float64{1 / (1 + e*e), 1 / (1 + e*e), e * e / (1 + e*e), e * e / (1 + e*e)}},
		{"Softmax before version 13", net(12, rows(1, 2, 2), Op("y", "Softmax", In("x"))), softmaxOf(1, 2, 3, 4)},
		{"Transpose", net(13, rows(2, 3), Op("y", "Transpose", In("x"))), []float64{1, 4, 2, 5, 3, 6}},
		{"CumSum from the end", net(13, rows(1, 3), Op("y", "CumSum", In("x", "a"), "exclusive", 1, "reverse", 1), Scalar("a", 1)), []float64{5, 3, 0}},
		{"TopK of the smallest", net(13, rows(1, 4), Op("y", "TopK", In("x", "k"), "largest", 0), Ints("k", 2)), []float64{1, 2}},
		{"Einsum without an output", net(13, rows(2, 2), Op("y", "Einsum", In("x", "w"), "equation", "...j, jk"), w(2, 2)), []float64{7, 10, 15, 22}},
		{"GatherND from the end", net(13, rows(2, 2), Op("y", "GatherND", In("x", "i")), matrix(Ints("i", -1, 0, 0, 1), 2, 2)), []float64{3, 2}},
		{"ScatterND", net(16, rows(2, 2), Op("y", "ScatterND", In("x", "i", "w")), matrix(Ints("i", -1), 1, 1), w(1, 2)), []float64{1, 2, 1, 2}},
		{"ScatterND that adds", net(16, rows(2, 2), Op("y", "ScatterND", In("x", "i", "w"), "reduction", "add"), matrix(Ints("i", 0, 0), 2, 1), w(2, 2)), []float64{5, 8, 3, 4}},
		{"ReverseSequence", net(13, rows(3, 1), Op("y", "ReverseSequence", In("x", "n")), Ints("n", 2)), []float64{2, 1, 3}},
		{"NonZero", net(13, rows(1, 2), Op("y", "NonZero", In("x"))), []float64{0, 0, 0, 1}},
		{"QuantizeLinear, halves to even numbers", net(13, rows(1, 5), Op("y", "QuantizeLinear", In("x", "s", "z")), Floats("s", nil, 2), uint8s("z", 254)), []float64{254, 255, 255, 255, 255}},
		{"QuantizeLinear along an axis", net(13, rows(2, 2), Op("y", "QuantizeLinear", In("x", "s"), "axis", 0), Floats("s", tensor.Shape{2}, 1, 0.5)), []float64{1, 2, 6, 8}},
		{"DequantizeLinear", net(13, Value{Name: "x", Type: model.Uint8, Shape: tensor.Shape{1, 2}}, Op("y", "DequantizeLinear", In("x", "s", "z")), Floats("s", nil, 0.5), uint8s("z", 3)), []float64{-1, -0.5}},
		{"DequantizeLinear of weights", Model{Opset: 13, Inputs: []Value{rows(1, 2)}, Weights: []Tensor{matrix(uint8s("q", 1, 2, 3, 4), 2, 2), Floats("s", tensor.Shape{2}, 1, 0.5), uint8s("z", 1, 2)},
			Nodes: []Node{Op("w", "DequantizeLinear", In("q", "s", "z")), Op("y", "MatMul", In("x", "w"))}}, []float64{4, 2}},
		{"a bias of zeros, repeated", Model{Opset: 18, Inputs: []Value{rows(1, 1, 1, 2)}, Weights: []Tensor{Floats("w", tensor.Shape{2, 1, 1, 1}, 1, 3), Floats("zero", nil, 0.5), Ints("n", 2)},
			Nodes: []Node{Op("like", "CastLike", In("zero", "w")), Op("b", "Expand", In("like", "n")), Op("y", "Conv", In("x", "w", "b"))}}, []float64{1.5, 2.5, 3.5, 6.5}},
		{"DynamicQuantizeLinear", net(13, rows(1, 5), Op("y", "DynamicQuantizeLinear", In("x"))), []float64{51, 102, 153, 204, 255}},
		{"Pad", net(13, rows(1, 2), Op("y", "Pad", In("x", "p")), Ints("p", 0, 1, 1, 2)), []float64{0, 1, 2, 0, 0, 0, 0, 0, 0, 0}},
		{"ReduceMean", net(13, rows(1, 2, 1, 2), Op("y", "ReduceMean", In("x"), "axes", []int{2, 3}, "keepdims", 0)), []float64{1.5, 3.5}},
	} {
		y := run(t, c.model)
		same := len(y.Data) == len(c.want)
		for i := range c.want {
			same = same && math.Abs(y.Data[i]-c.want[i]) < 1e-12
		}
		if !same {
			t.Errorf("%s: got %v, want %v", c.name, y.Data, c.want)
		}
	}
}

func softmaxOf(x ...float64) []float64 {
	sum := 0.0
	for i := range x {
		x[i] = math.Exp(x[i])
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
	return x
}

// What a model computes from constants, or from shapes, is known before anything is fed.
func TestFolding(t *testing.T) {
	x := Input("x", -1, 3, 4, 5)
	shape := []Node{Op("shape", "Shape", In("x")), Op("batch", "Gather", In("shape", "zero"))}
	zero, minus := Scalar("zero", 0), Ints("minus", -1)
	for _, c := range []struct {
		name  string
		model Model
		want  []int // the shape of y for a batch of 2
	}{
		{"PyTorch's view(x.size(0), -1)", Model{Inputs: []Value{x}, Weights: []Tensor{zero, minus, Ints("axes", 0)}, Nodes: append(shape[:2:2],
			Op("first", "Unsqueeze", In("batch", "axes")), Op("target", "Concat", In("first", "minus"), "axis", 0), Op("y", "Reshape", In("x", "target")))}, []int{2, 60}},
		{"the batch cut out with Slice", Model{Inputs: []Value{x}, Weights: []Tensor{minus, Ints("from", 0), Ints("to", 1)}, Nodes: []Node{Op("shape", "Shape", In("x")),
			Op("batch", "Slice", In("shape", "from", "to", "from")), Op("wide", "Cast", In("batch"), "to", int(model.Int64)), Op("target", "Concat", In("wide", "minus"), "axis", 0), Op("y", "Reshape", In("x", "target"))}}, []int{2, 60}},
		{"Shape with start and end", Model{Opset: 15, Inputs: []Value{x}, Weights: []Tensor{minus}, Nodes: []Node{Op("shape", "Shape", In("x"), "start", 1, "end", -1),
			Op("target", "Concat", In("minus", "shape"), "axis", 0), Op("y", "Reshape", In("x", "target"))}}, []int{10, 3, 4}},
		{"arithmetic", Model{Inputs: []Value{x}, Weights: []Tensor{Ints("i", 1), Ints("two", 2), minus}, Nodes: []Node{Op("shape", "Shape", In("x")), Op("channels", "Gather", In("shape", "i")), Op("double", "Mul", In("channels", "two")),
			Op("less", "Sub", In("double", "two")), Op("half", "Div", In("less", "two")), Op("more", "Add", In("half", "i")), Op("target", "Concat", In("minus", "more"), "axis", 0), Op("y", "Reshape", In("x", "target"))}}, []int{40, 3}},
		{"Constant nodes", Model{Inputs: []Value{x}, Nodes: []Node{Op("a", "Constant", nil, "value_ints", []int{-1}), Op("b", "Constant", nil, "value", Ints("", 20)), Op("target", "Concat", In("a", "b"), "axis", 0), Op("y", "Reshape", In("x", "target"))}}, []int{6, 20}},
		{"ConstantOfShape", Model{Inputs: []Value{x}, Weights: []Tensor{Ints("n", 1)}, Nodes: []Node{Op("a", "ConstantOfShape", In("n"), "value", Ints("", -1)), Op("y", "Reshape", In("x", "a"))}}, []int{120}},
		{"Size", Model{Inputs: []Value{Input("x", 2, 60)}, Nodes: []Node{Op("n", "Size", In("x")), Op("axes", "Constant", nil, "value_ints", []int{0}), Op("target", "Unsqueeze", In("n", "axes")), Op("y", "Reshape", In("x", "target"))}}, []int{120}},
	} {
		g := lowerOK(t, c.model)
		if got, want := kinds(g), []string{"y Reshape"}; !cmp.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", c.name, got, want)
			continue
		}
		in := c.model.Inputs[0].Shape.Clone()
		in[0] = 2
		shapes, err := g.Shapes(map[string]tensor.Shape{"x": in})
		if err != nil || !shapes["y"].Equal(c.want) {
			t.Errorf("%s: got %v, %v, want %v", c.name, shapes["y"], err, c.want)
		}
	}
}

// Constants that an operation without a layer reads stay in the file; what depends on a shape alone stays a node for it.
func TestFoldedButRead(t *testing.T) {
	g := lowerOK(t, Model{Inputs: []Value{x2}, Weights: []Tensor{w(3)}, Nodes: []Node{
		Op("c", "Identity", In("w")), Op("s", "Shape", In("x")), Op("unread", "Cast", In("s"), "to", int(model.Int64)), Op("y", "Strange", In("x", "c", "s")),
	}})
	if got, want := kinds(g), []string{"s Shape", "y ?Strange"}; !cmp.Equal(got, want) || !cmp.Equal(g.Node("y").Inputs, []string{"x", "s"}) {
		t.Errorf("got %v reading %v, want %v", got, g.Node("y").Inputs, want)
	}
}

// A file may not make more out of its constants than it holds itself, many times over.
func TestConstantsThatGrow(t *testing.T) {
	n := Model{Inputs: []Value{x2}, Weights: []Tensor{w(1<<10, 1<<10)}}
	last := "w"
	for i := range 40 {
		name := string(rune('A' + i))
		n.Nodes = append(n.Nodes, Op(name, "Transpose", In(last)))
		last = name
	}
	n.Nodes = append(n.Nodes, Op("y", "Gemm", In("x", last)))
	if _, err := Lower(parse(t, n)); err == nil {
		t.Error("want an error")
	}
}
