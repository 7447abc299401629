package lower

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
	. "parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

// A feature map is flattened in TensorFlow's order: channels vary fastest. Two readers share the permutation.
func TestFlattenKeepsTensorFlowsOrder(t *testing.T) {
	g := lowerOK(t, Graph{x4, ints("s", -1, 432), Op("r", "Relu", In("x")), Op("y", "Reshape", In("r", "s")), Op("z", "Reshape", In("r", "s"))})
	if got, want := kinds(g), []string{"r ReLU", "r/NHWC Permute", "y Reshape", "z Reshape"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if diff := cmp.Diff(layer.Permute{Axes: []int{0, 2, 3, 1}}, g.Nodes[1].Layer); diff != "" {
		t.Error(diff)
	}
	g = lowerOK(t, Graph{Placeholder("x", -1, 1, 1, 6), ints("s", -1, 6), Op("y", "Reshape", In("x", "s"))})
	if got, want := kinds(g), []string{"y Reshape"}; !cmp.Equal(got, want) {
		t.Errorf("one cell: got %v, want %v", got, want)
	}
}

// A name that the graph uses is not taken for a permutation.
func TestDerivedNamesAreUnused(t *testing.T) {
	g := lowerOK(t, Graph{x4, ints("s", -1, 432), Op("x/NHWC", "Relu", In("x")), Op("y", "Reshape", In("x", "s"))})
	if got, want := kinds(g), []string{"x/NHWC ReLU", "x/NHWC_ Permute", "y Reshape"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// tf.layers.flatten takes the batch from the input's shape.
func TestFlattenIdiom(t *testing.T) {
	one := func(name string, v int32) Node { return Const(name, Ints(tensor.Shape{1}, v)) }
	g := lowerOK(t, Graph{
		Placeholder("x", -1, 1, 1, 6), Op("shape", "Shape", In("x")), one("begin", 0), one("end", 1), one("stride", 1),
		Op("batch", "StridedSlice", In("shape", "begin", "end", "stride"), "shrink_axis_mask", 1), Const("rest", Ints(tensor.Shape{}, -1)),
		Op("target", "Pack", In("batch", "rest"), "N", 2), Op("y", "Reshape", In("x", "target")),
	})
	if got, want := kinds(g), []string{"y Reshape"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if diff := cmp.Diff(layer.Reshape{Shape: []int{0, -1}}, g.Nodes[0].Layer); diff != "" {
		t.Error(diff)
	}
	if got, want := g.Nodes[0].Origin.Nodes, []string{"shape", "batch", "target", "y"}; !cmp.Equal(got, want) {
		t.Errorf("got the origin %v, want %v", got, want)
	}
}

func TestAliases(t *testing.T) {
	g := lowerOK(t, Graph{
		x4, Op("r", "Relu", In("x:0", "^w")), Op("same", "Identity", In("r")), Op("again", "PreventGradient", In("same:0")),
		w(6), Op("read", "Identity", In("w")), Op("checked", "CheckNumerics", In("read")), Op("y", "BiasAdd", In("again", "checked")),
	})
	if got, want := g.Aliases, (map[string]string{"same": "r", "again": "r"}); !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	y := g.Node("y")
	if y.Inputs[0] != "r" || y.Params[0].Name != "w" {
		t.Errorf("got %v and the weights %v", y.Inputs, y.Params[0].Name)
	}
}

// A constant becomes one node for all its readers, and layers that hold it as weights share its memory. What is computed out of
// constants is computed, if something reads it.
func TestConstantsAsValues(t *testing.T) {
	g := lowerOK(t, Graph{
		x2, w(6), Op("same", "Identity", In("w")), Op("root", "Sqrt", In("same")), Op("nobody", "Exp", In("root")),
		Op("a", "Sub", In("x", "root")), Op("b", "Maximum", In("a", "w")), Op("y", "AddV2", In("b", "w")),
	})
	want := []string{"w Constant", "root Unary", "a Binary", "b Binary", "y Bias"}
	if got := kinds(g); !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if owner := g.Node("y").Params[0].Owner(); owner != g.Node("w").Params[0] {
		t.Errorf("the bias belongs to %v", owner.Name)
	}
}

func TestInputs(t *testing.T) {
	g := lowerOK(t, Graph{x4, w(1, 1, 6, 5), Op("y", "Conv2D", In("x", "w"), "padding", "SAME")})
	if got, want := g.Inputs[0].Shape, (tensor.Shape{-1, 6, 8, 9}); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// What reads a placeholder tells the order of its axes.
	g = lowerOK(t, Graph{x4c, w(1, 1, 6, 5), Op("r", "Relu", In("x")), Op("y", "Conv2D", In("r", "w"), "padding", "SAME", "data_format", "NCHW")})
	if got, want := g.Inputs[0].Shape, (tensor.Shape{-1, 6, 8, 9}); !got.Equal(want) || g.Values["x"].ToCommon != nil {
		t.Errorf("NCHW: got %v, want %v, stored %v", got, want, g.Values["x"])
	}
	// The same network for NCHW behind a transposition.
	g = lowerOK(t, Graph{x4, w(1, 1, 6, 5), ints("p", 0, 3, 1, 2), Op("t", "Transpose", In("x", "p")), Op("y", "Conv2D", In("t", "w"), "padding", "SAME", "data_format", "NCHW")})
	if got, want := kinds(g), []string{"t Identity", "y Convolution"}; !cmp.Equal(got, want) || g.Values["x"].ToCommon == nil || g.Values["t"].ToCommon != nil {
		t.Errorf("got %v, want %v; stored %v", got, want, g.Values)
	}
	// A placeholder with a setting as its default need not be fed.
	g = lowerOK(t, Graph{x4, Const("no", Tensor{DType: tensorproto.Bool, Shape: tensor.Shape{}, Content: []byte{0}}), Op("training", "PlaceholderWithDefault", In("no"), "dtype", tensorproto.Bool, "shape", tensor.Shape{}),
		Op("y", "Switch", In("x", "training"))})
	if len(g.Inputs) != 1 {
		t.Errorf("got the inputs %v", g.Inputs)
	}
}

// A number that is fed has no axes, which is not an unknown number of them.
func TestFedNumber(t *testing.T) {
	def := parse(t, Graph{Placeholder("x"), Const("a", Ints(tensor.Shape{0})), Op("y", "Sum", In("x", "a"))})
	g, err := LowerWith(def, nil, Options{Inputs: map[string]tensor.Shape{"x": nil}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(layer.Reduce{Reducer: layer.ReduceSum}, g.Node("y").Layer); diff != "" {
		t.Error(diff)
	}
}

func TestSeveralOutputs(t *testing.T) {
	g := lowerOK(t, Graph{x4, Const("axis", Ints(tensor.Shape{}, 3)), Op("s", "Split", In("axis", "x"), "num_split", 3), Op("a", "Relu", In("s")), Op("b", "Relu", In("s:2"))})
	if got, want := g.Node("s").Outputs, []string{"s", "s:1", "s:2"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := g.Outputs, []string{"s:1", "a", "b"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// SplitV with an extent left open, and a part without cells.
func TestSplitV(t *testing.T) {
	g := lowerOK(t, Graph{x2, ints("n", 2, 0, -1), Const("axis", Ints(tensor.Shape{}, -1)), Op("s", "SplitV", In("x", "n", "axis"), "num_split", 3)})
	if diff := cmp.Diff(layer.Slice{Axis: 1, Points: []int{2, 2}, Parts: 3}, g.Node("s").Layer); diff != "" {
		t.Error(diff)
	}
	shapes, err := g.Shapes(map[string]tensor.Shape{"x": {4, 6}})
	if err != nil || !shapes["s:1"].Equal(tensor.Shape{4, 0}) || !shapes["s:2"].Equal(tensor.Shape{4, 4}) {
		t.Errorf("got %v, %v", shapes, err)
	}
	g = lowerOK(t, Graph{Placeholder("x", 3, 2, 4), Op("u", "Unpack", In("x"), "num", 2, "axis", -2), Op("y", "Relu", In("u:1"))})
	if got, want := kinds(g), []string{"u Unstack", "y ReLU"}; !cmp.Equal(got, want) || !cmp.Equal(g.Node("u").Outputs, []string{"u", "u:1"}) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A dilated convolution written as three nodes becomes one, unless everything is kept.
func TestDilatedConvolution(t *testing.T) {
	def := Graph{
		x4, ints("k", 2, 3), Const("p", Ints(tensor.Shape{2, 2}, 2, 2, 3, 3)), Const("c", Ints(tensor.Shape{2, 2}, 0, 1, 1, 0)), w(3, 2, 6, 5),
		Op("s", "SpaceToBatchND", In("x", "k", "p")), Op("m", "Conv2D", In("s", "w"), "padding", "VALID"), Op("y", "BatchToSpaceND", In("m", "k", "c")),
	}
	g := lowerOK(t, def)
	win := window(3, 2, func(w *layer.Window) {
		w.Dilation, w.Padding = [2]int{2, 3}, layer.Padding{Top: 2, Bottom: 1, Left: 2, Right: 3}
	})
	if diff := cmp.Diff([]layer.Layer{layer.Convolution{Window: win, Outputs: 5, Groups: 1}}, []layer.Layer{g.Nodes[0].Layer}); diff != "" || len(g.Nodes) != 1 {
		t.Errorf("%d nodes: %s", len(g.Nodes), diff)
	}
	if got := g.Nodes[0].Origin.Nodes; !cmp.Equal(got, []string{"s", "m", "y"}) {
		t.Errorf("got the nodes %v", got)
	}
	g, err := LowerWith(parse(t, def), nil, Options{Everything: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := kinds(g), []string{"s SpaceToBatch", "m Convolution", "y BatchToSpace"}; !cmp.Equal(got, want) || !cmp.Equal(g.Outputs, []string{"y"}) {
		t.Errorf("got %v with the outputs %v, want %v", got, g.Outputs, want)
	}
}

// A constant that several nodes read is one parameter; as a depthwise filter it keeps TensorFlow's extents for its owner.
func TestSharedConstants(t *testing.T) {
	g := lowerOK(t, Graph{
		Placeholder("x", 2, 8, 9, 3), w(3, 2, 3, 3), Op("a", "Conv2D", In("x", "w"), "padding", "SAME"), Op("b", "Conv2D", In("a", "w"), "padding", "SAME"),
		Const("d", Ramp(3, 2, 3, 2)), Op("y", "DepthwiseConv2dNative", In("b", "d"), "padding", "SAME"),
	})
	a, b, d := g.Node("a").Params[0], g.Node("b").Params[0], g.Node("y").Params[0]
	if b.Owner() != a || !a.StoredShape().Equal(tensor.Shape{3, 2, 3, 3}) {
		t.Errorf("got %v stored as %v", b.Owner(), a.StoredShape())
	}
	if owner := d.Owner(); owner == d || !owner.StoredShape().Equal(tensor.Shape{3, 2, 3, 2}) || !d.Value.Dims().Equal(tensor.Shape{6, 1, 3, 2}) {
		t.Errorf("got %v, owned by %v", d, owner)
	}
}

// With the shapes that are fed, what was computed from them is known; with everything kept it has nodes.
func TestFedShapes(t *testing.T) {
	def := Graph{
		Placeholder("x", -1, -1, -1, 6), Op("n", "Size", In("x")), Op("r", "Rank", In("x")), Op("p", "Pack", In("r", "n")), Op("y", "Tile", In("v", "p")), Placeholder("v", -1, -1),
	}
	g, err := LowerWith(parse(t, def), nil, Options{Inputs: map[string]tensor.Shape{"x": {1, 2, 3, 6}, "v": {5, 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := kinds(g), []string{"y/tile Tile", "y Tile"}; !cmp.Equal(got, want) || g.Node("y").Layer != (layer.Tile{Axis: 1, Tiles: 36}) {
		t.Errorf("got %v, want %v: %v", got, want, g.Node("y").Layer)
	}
	g, err = LowerWith(parse(t, def), nil, Options{Inputs: map[string]tensor.Shape{"x": {1, 2, 3, 6}, "v": {5, 1}}, Everything: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := kinds(g), []string{"n Constant", "r Constant", "p Stack", "y/tile Tile", "y Tile"}; !cmp.Equal(got, want) || !cmp.Equal(g.Outputs, []string{"y"}) {
		t.Errorf("got %v with the outputs %v, want %v", got, g.Outputs, want)
	}
}

// No gradient passes a StopGradient.
func TestStopGradient(t *testing.T) {
	if y := lowerOK(t, Graph{x2, Op("y", "StopGradient", In("x"))}).Node("y"); !cmp.Equal(y.Stop, []bool{true}) {
		t.Errorf("got %v", y.Stop)
	}
}

// A range of numbers computed from a shape is folded into what reads it.
func TestRange(t *testing.T) {
	g := lowerOK(t, Graph{
		Placeholder("x", 2, 3, 4), Op("rank", "Rank", In("x")), Const("zero", Ints(tensor.Shape{}, 0)), Const("minus", Ints(tensor.Shape{}, -1)),
		Const("two", Ints(tensor.Shape{}, 2)), Op("axes", "Range", In("two", "minus", "minus")), Op("y", "Transpose", In("x", "axes")),
	})
	if diff := cmp.Diff(layer.Permute{Axes: []int{2, 1, 0}}, g.Node("y").Layer); diff != "" {
		t.Error(diff)
	}
}

// The loss stays, as it is a result; gradients, updates, savers and initialisers go.
func TestTrainingIsLeftOut(t *testing.T) {
	str := Const("path", Tensor{DType: tensorproto.String, Shape: tensor.Shape{}})
	g := lowerOK(t, Graph{
		x2, Placeholder("labels", -1, 4), Op("v", "VariableV2", nil, "dtype", tensorproto.Float, "shape", tensor.Shape{6, 4}), Op("read", "Identity", In("v")),
		w(6, 4), Op("drawn", "RandomUniform", In("w")), Op("v/Assign", "Assign", In("v", "drawn")),
		Op("logits", "MatMul", In("x", "read")), Op("loss", "SoftmaxCrossEntropyWithLogits", In("logits", "labels")),
		Op("gradients/mul", "Mul", In("loss:1", "logits")), Op("gradients/MatMul", "MatMul", In("x", "gradients/mul"), "transpose_a", true),
		Op("update", "ApplyMomentum", In("v", "gradients/MatMul")), Op("moved", "Identity", In("update")),
		str, Op("file", "PlaceholderWithDefault", In("path"), "dtype", tensorproto.String, "shape", tensor.Shape{}),
		Op("save", "SaveV2", In("file", "v")), Op("restore", "RestoreV2", In("file")), Op("v/Restore", "Assign", In("v", "restore")),
	})
	if got, want := kinds(g), []string{"logits InnerProduct", "loss SoftmaxCrossEntropyDense"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if len(g.Inputs) != 2 || g.Node("logits").Params != nil {
		t.Errorf("got the inputs %v and the weights %v", g.Inputs, g.Node("logits").Params)
	}
	if notes := strings.Join(g.Notes, "; "); !strings.Contains(notes, "6 node(s) that only serve training or saving were left out") || !strings.Contains(notes, "1 variables have no values") {
		t.Errorf("got the notes %s", notes)
	}
}

// With unknown operations in between, axes are still told by what follows, and shapes by what is like its input.
func TestBehindUnknownOperations(t *testing.T) {
	g := lowerOK(t, Graph{x4, Op("b", "FakeQuantWithMinMaxVars", In("x")), ints("m", 1, 2), Op("y", "Mean", In("b", "m"))})
	if got, want := kinds(g), []string{"b ?FakeQuantWithMinMaxVars", "y/pool AveragePool", "y Reshape"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	g = lowerOK(t, Graph{x4, Op("u", "Strange", In("x")), w(6, 5), Op("y", "MatMul", In("u", "w"))})
	if got, want := kinds(g), []string{"u ?Strange", "y InnerProduct"}; !cmp.Equal(got, want) || g.Values["u"].ToCommon != nil {
		t.Errorf("got %v, want %v; stored %v", got, want, g.Values["u"])
	}
}

func TestNotes(t *testing.T) {
	g := lowerOK(t, Graph{Placeholder("x", 1, 224, 224, 3), w(7, 7, 3, 2), Op("y", "Conv2D", In("x", "w"), "padding", "SAME", "strides", []int{1, 2, 2, 1})})
	if got, want := g.Node("y").Notes, []string{"SAME pads top 2, left 2, bottom 3, right 3"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	origin := g.Node("y").Origin
	if origin.File != "net.pb" || !strings.HasPrefix(origin.Position, "offset ") || !cmp.Equal(origin.Transforms, []string{"weights HWIO to OIHW"}) {
		t.Errorf("got %v", origin)
	}
}

// Whatever is done to a file, lowering ends without a panic.
func TestDamagedGraphs(t *testing.T) {
	data := Graph{
		x4, w(3, 2, 6, 5), Op("c", "Conv2D", In("x", "w"), "strides", []int{1, 2, 1, 1}, "padding", "SAME"), Op("p", "MaxPool", In("c"), "ksize", []int{1, 2, 2, 1}, "padding", "VALID"),
		ints("s", -1, 120), Op("f", "Reshape", In("p", "s")), Const("v", Ramp(120, 2)), Op("y", "MatMul", In("f", "v")),
	}.Binary()
	for i := range data {
		try(data[:i])
		for bit := range 8 {
			broken := bytes.Clone(data)
			broken[i] ^= 1 << bit
			try(broken)
		}
	}
}

func try(data []byte) {
	def, err := graphdef.Parse("net.pb", data)
	if err != nil {
		return
	}
	if g, err := Lower(def, nil); err == nil {
		in := map[string]tensor.Shape{}
		for _, i := range g.Inputs {
			in[i.Name] = i.Shape
		}
		_ = g.Check()
	}
}

// Each of these nodes reads the one before it four times: as many ways as 4 to the 30.
func TestManyWaysToOneNode(t *testing.T) {
	g := Graph{x4, Op("s0", "Shape", In("x"))}
	last := "s0"
	for i := range 30 {
		name := fmt.Sprint("s", i+1)
		g = append(g, Op(name, "StridedSlice", In(last, last, last, last)))
		last = name
	}
	lowerOK(t, append(g, Op("y", "Reshape", In("x", last))))
}

func FuzzLower(f *testing.F) {
	f.Add(Graph{x4, w(1, 1, 6, 5), Op("y", "Conv2D", In("x", "w"), "padding", "SAME")}.Text())
	f.Add(Graph{x4, ints("s", -1, 432), Op("y", "Reshape", In("x", "s"))}.Text())
	f.Add(Graph{x2, axis(-1), Op("y", "ConcatV2", In("x", "x", "a"))}.Binary())
	f.Fuzz(func(_ *testing.T, data []byte) { try(data) })
}

// What is computed from constants is part of the network where something reads it, with a gradient to them.
func TestComputedFromConstants(t *testing.T) {
	g := lowerOK(t, Graph{
		Placeholder("x", 2, 8, 9, 6), w(6, 30), ints("s", 1, 1, 30, 6), ints("p", 1, 0), Op("turned", "Transpose", In("w", "p")), Op("f", "Reshape", In("turned", "s")),
		Op("g", "Reverse", In("w", "p")), Op("y", "DepthwiseConv2dNative", In("x", "k"), "padding", "VALID"), ints("axes", 2, 3), Op("t", "Transpose", In("f", "order")),
		ints("order", 0, 1, 3, 2), Op("k", "Identity", In("t")),
	})
	if got, want := kinds(g)[:2], []string{"w Constant", "turned Permute"}; !cmp.Equal(got, want) || g.Node("y").Layer.Kind() != "ConvolutionBy" {
		t.Errorf("got %v, want first %v", kinds(g), want)
	}
	shapes, err := g.Shapes(map[string]tensor.Shape{"x": {2, 6, 8, 9}})
	if err != nil || !shapes["y"].Equal(tensor.Shape{2, 180, 8, 9}) {
		t.Errorf("got %v, %v", shapes["y"], err)
	}
}

// The loops of TensorFlow 1 lead a value back to their beginning: they are kept as unknown, wherever the file begins.
func TestLoop(t *testing.T) {
	def := Graph{
		Op("merge", "Merge", In("enter", "next")),
		Op("switch", "Switch", In("merge", "x")),
		Op("next", "NextIteration", In("switch:1")),
		Op("enter", "Enter", In("x")),
		Placeholder("x", 2, 3),
		Op("exit", "Exit", In("switch")),
	}
	g, err := Lower(parse(t, def), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := g.Node("merge"); n == nil || n.Layer.Kind() != "?Merge" {
		t.Errorf("got %v", n)
	}
}
