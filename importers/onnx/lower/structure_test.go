package lower

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
	. "parity/importers/onnx/onnxtest"
)

// A port from TensorFlow takes NHWC and transposes it: in the common order nothing moves. Recordings keep their layout.
func TestTranspositionsCancel(t *testing.T) {
	in := Input("x", -1, 8, 9, 6)
	g := lowerOK(t, Model{Inputs: []Value{in}, Weights: []Tensor{w(5, 6, 1, 1)}, Nodes: []Node{
		Op("r", "Relu", In("x")), Op("t", "Transpose", In("r"), "perm", []int{0, 3, 1, 2}), Op("c", "Conv", In("t", "w")),
		Op("b", "Transpose", In("c"), "perm", []int{0, 2, 3, 1}), Op("y", "Softmax", In("b")),
	}})
	if got, want := kinds(g), []string{"r ReLU", "t Identity", "c Convolution", "b Identity", "y Softmax"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := g.Inputs[0].Shape, (tensor.Shape{-1, 6, 8, 9}); !got.Equal(want) {
		t.Errorf("got the input %v, want %v", got, want)
	}
	if l := g.Node("y").Layer; !cmp.Equal(l, layer.Softmax{Axis: 1}) {
		t.Errorf("the last axis is the channels, got %v", l)
	}
	for name, nhwc := range map[string]bool{"x": true, "r": true, "t": false, "c": false, "b": true, "y": true} {
		if got := g.Values[name].ToCommon != nil; got != nhwc {
			t.Errorf("%s: got NHWC %v, want %v", name, got, nhwc)
		}
	}
}

// Where the order of elements matters, ONNX's own is kept.
func TestFlattenedNHWC(t *testing.T) {
	nodes := []Node{Op("t", "Transpose", In("x"), "perm", []int{0, 2, 3, 1}), Op("y", "Flatten", In("t")), Op("z", "Flatten", In("t"))}
	g := lowerOK(t, Model{Inputs: []Value{x4}, Nodes: nodes, Outputs: In("y", "z")})
	if got, want := kinds(g), []string{"t Identity", "t/NHWC Permute", "y Reshape", "z Reshape"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	g = lowerOK(t, Model{Inputs: []Value{Input("x", -1, 6, 1, 1)}, Nodes: nodes, Outputs: In("y", "z")})
	if got, want := kinds(g), []string{"t Identity", "y Reshape", "z Reshape"}; !cmp.Equal(got, want) {
		t.Errorf("one cell: got %v, want %v", got, want)
	}
	g = lowerOK(t, Model{Inputs: []Value{x4}, Nodes: []Node{nodes[0], Op("y", "Transpose", In("t"), "perm", []int{0, 2, 1, 3})}})
	if diff := cmp.Diff(layer.Permute{Axes: []int{0, 1, 3, 2}}, g.Node("y").Layer); diff != "" || g.Values["y"].ToCommon == nil {
		t.Errorf("height and width swapped: %s", diff)
	}
}

// Operations that are not computed here stay where they are; their shapes and layouts are known where they are like their
// inputs, and from what the file says.
func TestBehindUnknownOperations(t *testing.T) {
	g := lowerOK(t, Model{Inputs: []Value{x4}, Weights: []Tensor{w(5, 216)}, Nodes: []Node{
		Op("u", "Det", In("x")), Op("p", "MaxPool", In("u"), "kernel_shape", []int{2, 2}, "strides", []int{2, 2}, "pads", []int{0, 0, 1, 1}),
		Op("s", "Strange", In("p")), Op("f", "Flatten", In("s")), Op("y", "Gemm", In("f", "w"), "transB", 1),
	}, Values: []Value{{Name: "s", Type: model.Float, Shape: tensor.Shape{-1, 6, 6, 6}}}})
	if got, want := kinds(g), []string{"u ?Det", "p MaxPool", "s ?Strange", "f Reshape", "y InnerProduct"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	custom := Op("y", "FusedConv", In("x", "w"))
	custom.Domain = "com.microsoft"
	g = lowerOK(t, net(13, x4, custom, w(5, 6, 1, 1)))
	if got, want := kinds(g), []string{"y ?com.microsoft.FusedConv"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNamesAndAliases(t *testing.T) {
	named := func(name string, n Node) Node {
		n.Name = name
		return n
	}
	g := lowerOK(t, Model{Inputs: []Value{x4, Input("w", 5, 6, 1, 1)}, Weights: []Tensor{w(5, 6, 1, 1)}, Nodes: []Node{
		named("conv", Op("a", "Conv", In("x", "w"))), named("conv", Op("b", "Relu", In("a"))), Op("c", "Identity", In("b")),
		Op("d", "Cast", In("c"), "to", int(model.Float)), named("last", Op("y", "Sum", In("d"))),
	}})
	if got, want := kinds(g), []string{"conv Convolution", "b ReLU"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := g.Aliases, (map[string]string{"c": "b", "d": "b", "y": "b"}); !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !cmp.Equal(g.Outputs, []string{"b"}) || len(g.Inputs) != 1 || g.Framework != "onnx" || g.Name != "net" {
		t.Errorf("got the inputs %v and the outputs %v of %s, %s", g.Inputs, g.Outputs, g.Name, g.Framework)
	}
	conv := g.Node("conv")
	if conv.Params[0].Name != "w" || conv.Origin.File != "net.onnx" || conv.Origin.Position != "offset 17" || !cmp.Equal(conv.Origin.Nodes, []string{"conv"}) {
		t.Errorf("got %v from %v", conv.Params[0].Name, conv.Origin)
	}
}

func TestConstantOutputs(t *testing.T) {
	g := lowerOK(t, Model{Opset: 15, Inputs: []Value{x2}, Weights: []Tensor{w(3)}, Nodes: []Node{Op("y", "Relu", In("x")), Op("c", "Constant", nil, "value_float", float32(1)), Op("s", "Shape", In("x")), Op("e", "Shape", In("x"), "start", 1)},
		Outputs: In("y", "c", "w", "y", "s", "e")})
	if got, want := kinds(g), []string{"y ReLU", "s Shape"}; !cmp.Equal(got, want) || !cmp.Equal(g.Outputs, []string{"y", "s"}) {
		t.Errorf("got %v writing %v, want %v", got, g.Outputs, want)
	}
	want := map[string]tensor.Any{"c": tensor.From([]float32{1}), "w": tensor.From([]float32{1, 2, 3}, 3), "e": tensor.From([]float64{6}, 1)}
	if diff := cmp.Diff(want, g.Constants); diff != "" {
		t.Error(diff)
	}
}

// Functions of the model are replaced by what they are made of, with the attributes of the call.
func TestFunctions(t *testing.T) {
	call := func(name, in, out string, alpha float32) Node {
		return Node{Name: name, Op: "Act", Domain: "own", Inputs: In(in), Outputs: In(out), Attrs: map[string]any{"slope": alpha}}
	}
	m := Model{Inputs: []Value{x2}, Nodes: []Node{call("one", "x", "h", 0.5), call("two", "h", "y", 0.25)}, Functions: []Function{
		{Name: "Act", Domain: "own", Inputs: In("a"), Outputs: In("z"), Nodes: []Node{Op("t", "LeakyRelu", In("a"), "alpha", From("slope")), Op("z", "Dropout", In("t"))}},
	}}
	g := lowerOK(t, m)
	if got, want := kinds(g), []string{"one/t ReLU", "one/z Dropout", "two/t ReLU", "two/z Dropout"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if diff := cmp.Diff(layer.ReLU{Slope: 0.25}, g.Node("two/t").Layer); diff != "" || !cmp.Equal(g.Node("two/t").Inputs, []string{"h"}) {
		t.Errorf("reads %v: %s", g.Node("two/t").Inputs, diff)
	}
	m.Functions[0].Nodes[0] = Node{Op: "Act", Domain: "own", Inputs: In("a"), Outputs: In("t")}
	if _, err := Lower(parse(t, m)); err == nil || !strings.Contains(err.Error(), "call each other more than 20 deep") {
		t.Errorf("a function that calls itself: got %v", err)
	}
}

// A branch reads values from around it: they stay inputs of the node.
func TestBranches(t *testing.T) {
	branch := Model{Nodes: []Node{Op("inner", "Add", In("r", "local")), Op("local2", "Relu", In("inner"))}, Weights: []Tensor{Ramp("local", 6)}}
	g := lowerOK(t, Model{Inputs: []Value{x2, Input("cond")}, Nodes: []Node{
		Op("r", "Relu", In("x")), Op("y", "If", In("cond"), "then_branch", branch, "else_branch", Model{Nodes: []Node{Op("e", "Relu", In("x"))}}),
	}})
	inputs := g.Node("y").Inputs
	if len(inputs) != 3 || inputs[0] != "cond" || !strings.Contains(strings.Join(inputs, " "), "r") || !strings.Contains(strings.Join(inputs, " "), "x") {
		t.Errorf("got the inputs %v, want cond, r and x", inputs)
	}
}

func TestNotes(t *testing.T) {
	for _, c := range []struct {
		node Node
		want string
	}{
		{Op("y", "Conv", In("x", "w"), "auto_pad", "SAME_UPPER", "strides", []int{2, 2}), "auto_pad SAME_UPPER pads top 0, left 1, bottom 1, right 1"},
		{Op("y", "MaxPool", In("x"), "kernel_shape", []int{3, 3}, "strides", []int{2, 2}, "ceil_mode", 1), "ceil_mode rounds the number of windows up to 4x4, so that the last ones hang over the edge; rounded down it would be 3x4"},
		{Op("y", "LRN", In("x"), "size", 5, "alpha", float32(1e-4)), "alpha 0.0001 is divided by size 5; other frameworks may multiply the plain sum by theirs"},
		{Op("y", "MaxPool", In("x"), "kernel_shape", []int{2, 3}), ""},
	} {
		g := lowerOK(t, net(13, x4, c.node, w(5, 6, 3, 3)))
		if got := strings.Join(g.Node("y").Notes, "; "); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestTransforms(t *testing.T) {
	half := Tensor{Name: "w", DType: model.Float16, Shape: tensor.Shape{1, 6}, Raw: bytes.Repeat([]byte{0, 0x3c}, 6)}
	g := lowerOK(t, net(13, x2, Op("y", "Gemm", In("x", "w"), "transB", 1, "alpha", float32(0.1)), half))
	want := []string{"w widened from float16", "weights multiplied by alpha 0.1"}
	if got := g.Node("y").Origin.Transforms; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := tensor.As[float64](g.Node("y").Params[0].Value).Data[5]; got != float64(float32(0.1)) {
		t.Errorf("got the weight %v", got)
	}
}

// Inputs that hold weights only can be given values before lowering.
func TestParameters(t *testing.T) {
	m := parse(t, Model{Inputs: []Value{x4, Input("k", 5, 6, 1, 1), Input("both", -1, 6, 8, 9)}, Nodes: []Node{Op("c", "Conv", In("x", "k")), Op("y", "Add", In("x", "both"))}, Outputs: In("c", "y")})
	list, err := Parameters(m)
	if err != nil || !cmp.Equal(list, []string{"k"}) {
		t.Fatalf("got %v, %v", list, err)
	}
	kernel, err := model.ParseTensor("input_1.pb", Ramp("other", 5, 6, 1, 1).Binary())
	if err != nil {
		t.Fatal(err)
	}
	m.Graph.Fix("k", kernel)
	g, err := Lower(m)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := kinds(g), []string{"c Convolution", "y Eltwise"}; !cmp.Equal(got, want) || g.Node("c").Params[0].Name != "k" || len(g.Inputs) != 2 {
		t.Errorf("got %v of %v, want %v", got, g.Inputs, want)
	}
}

// everything is a model with most kinds of fields.
var everything = Model{
	Opset: 13, Inputs: []Value{x4}, Weights: []Tensor{w(5, 6, 3, 2), b(5), Ints("s", 0, -1), Ramp("v", 40, 2)}, Outputs: In("y", "u"),
	Nodes: []Node{
		Op("c", "Conv", In("x", "w", "b"), "strides", []int{2, 2}, "pads", []int{1, 0, 0, 1}), Op("p", "MaxPool", In("c"), "kernel_shape", []int{2, 2}, "ceil_mode", 1, "auto_pad", "SAME_UPPER"),
		Op("n", "LRN", In("p"), "size", 3, "alpha", float32(0.5)), Op("t", "Transpose", In("n"), "perm", []int{0, 2, 3, 1}), Op("q", "AveragePool", In("n"), "kernel_shape", []int{1, 2}, "strides", []int{1, 2}),
		Op("h", "Shape", In("q")), Op("f", "Reshape", In("q", "s")), Op("g", "Gemm", In("f", "v"), "alpha", float32(2)), Op("k", "Constant", nil, "value", Floats("", tensor.Shape{2}, 1, 2)),
		Op("a", "Add", In("g", "k")), Op("y", "Softmax", In("a")), {Name: "call", Op: "Own", Domain: "own", Inputs: In("t", "h"), Outputs: In("u"), Attrs: map[string]any{"g": Model{Nodes: []Node{Op("z", "Relu", In("t"))}}}},
	},
	Functions: []Function{{Name: "Own", Domain: "own", Inputs: In("a", "b"), Outputs: In("z"), Nodes: []Node{Op("z", "Strange", In("a"), "l", From("g"))}}},
	Values:    []Value{{Name: "q", Type: model.Float, Shape: tensor.Shape{-1, 5, 4, 2}}},
}

// Whatever is done to a file, lowering ends without a panic, and what it makes keeps the rules of graphs.
func TestDamagedModels(t *testing.T) {
	data := everything.Binary()
	if lowerOK(t, everything).Node("a").Layer.Kind() != "InnerProduct" {
		t.Error("the undamaged model is not as it should be")
	}
	for i := range data {
		try(t, data[:i])
		for bit := range 8 {
			broken := bytes.Clone(data)
			broken[i] ^= 1 << bit
			try(t, broken)
		}
	}
}

func try(t *testing.T, data []byte) {
	m, err := model.Parse("net.onnx", data)
	if err != nil {
		return
	}
	g, err := Lower(m)
	if err != nil {
		return
	}
	if err := g.Check(); err != nil {
		t.Error(err)
	}
	shapes := map[string]tensor.Shape{}
	for _, in := range g.Inputs {
		shapes[in.Name] = in.Shape
	}
	_, _ = g.Shapes(shapes)
}

func FuzzLower(f *testing.F) {
	f.Add(everything.Binary())
	f.Add(net(11, x4, Op("y", "Softmax", In("x"), "axis", 2)).Binary())
	f.Add(net(13, Input("x", -1, 3, 6), Op("y", "MatMul", In("x", "w")), w(6, 5)).Binary())
	f.Add(net(13, x2, Op("y", "Unsqueeze", In("x", "a")), Ints("a", -1, 1)).Binary())
	f.Fuzz(func(t *testing.T, data []byte) { try(t, data) })
}
