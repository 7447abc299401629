package lower

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	. "parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

// truth is a truth as a constant.
func truth(name string, v byte) Node {
	return Const(name, Tensor{DType: tensorproto.Bool, Shape: tensor.Shape{}, Content: []byte{v}})
}

// branched is x -> conv on one side of a condition and tanh on the other, with the weights handed through the condition too.
func branched(condition ...Node) Graph {
	return append(append(Graph{x4, w(1, 1, 6, 5)}, condition...),
		Op("s", "Switch", In("x", "p")), Op("ws", "Switch", In("w", "p")), Op("r", "Conv2D", In("s:1", "ws:1"), "padding", "SAME"),
		Op("a", "Tanh", In("s")), Op("m", "Merge", In("a", "r")), Op("y", "Relu", In("m")))
}

// Of a condition that is known only the branch that is taken is lowered.
func TestBranches(t *testing.T) {
	known := func(v byte) []Node { return []Node{truth("p", v)} }
	training := []Node{truth("no", 0), Op("p", "PlaceholderWithDefault", In("no"), "dtype", tensorproto.Bool, "shape", tensor.Shape{})}
	for _, c := range []struct {
		what string
		g    Graph
		want []string
	}{
		{"true", branched(known(1)...), []string{"r Convolution", "y ReLU"}},
		{"false", branched(known(0)...), []string{"a Tanh", "y ReLU"}},
		{"a setting", branched(training...), []string{"a Tanh", "y ReLU"}},
	} {
		g := lowerOK(t, c.g)
		if diff := cmp.Diff(c.want, kinds(g)); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
	g := lowerOK(t, branched(known(1)...))
	if g.Aliases["m"] != "r" || len(g.Node("r").Params) != 1 {
		t.Errorf("got the aliases %v and %d weights", g.Aliases, len(g.Node("r").Params))
	}
	// A comparison of extents decides too.
	extents := []Node{Op("shape", "Shape", In("x")), Const("h", Ints(tensor.Shape{1}, 1)), Const("w_", Ints(tensor.Shape{1}, 2)), Const("zero", Ints(tensor.Shape{}, 0)),
		Op("height", "GatherV2", In("shape", "h", "zero")), Op("width", "GatherV2", In("shape", "w_", "zero")), Op("less", "Less", In("height", "width")), Op("p", "Squeeze", In("less"))}
	g = lowerOK(t, branched(extents...))
	if diff := cmp.Diff([]string{"r Convolution", "y ReLU"}, kinds(g)); diff != "" {
		t.Errorf("extents: %s", diff)
	}
}

// Where a truth is fed both branches are computed and one is chosen.
func TestBranchesByWhatIsFed(t *testing.T) {
	fed := Op("p", "Placeholder", nil, "dtype", tensorproto.Bool, "shape", tensor.Shape{})
	g := lowerOK(t, Graph{x4, fed, w(1, 1, 6, 6), Op("s", "Switch", In("x", "p")), Op("ws", "Switch", In("w", "p")),
		Op("r", "Conv2D", In("s:1", "ws:1"), "padding", "SAME"), Op("a", "Tanh", In("s")), Op("m", "Merge", In("a", "r")), Op("y", "Relu", In("m"))})
	if diff := cmp.Diff([]string{"r Convolution", "a Tanh", "m/no Unary", "m Select", "y ReLU"}, kinds(g)); diff != "" {
		t.Error(diff)
	}
	// Branches of constants are known by what must run before them.
	constants := Graph{
		x2, fed, Op("s", "Switch", In("p", "p")), Op("yes", "Identity", In("s:1")), Op("no", "Identity", In("s")),
		Op("a", "Const", In("^no"), "dtype", tensorproto.Float, "value", Floats(tensor.Shape{}, 2)),
		Op("b", "Const", In("^yes"), "dtype", tensorproto.Float, "value", Floats(tensor.Shape{}, 3)),
		Op("m", "Merge", In("b", "a")), Op("y", "Mul", In("x", "m")),
	}
	g = lowerOK(t, constants)
	if got := g.Node("m").Inputs; !cmp.Equal(got, []string{"m/no", "a", "b"}) {
		t.Errorf("got %v", got)
	}
	// Branches of different shapes stay unknown.
	g = lowerOK(t, Graph{x2, fed, Op("s", "Switch", In("x", "p")), Const("axis", Ints(tensor.Shape{}, 0)), Op("e", "ExpandDims", In("s", "axis")), Op("y", "Merge", In("e", "s:1"))})
	if k := g.Node("y").Layer.Kind(); k != "?Merge" {
		t.Errorf("shapes: got %s", k)
	}
}

// A number that is repeated to the shape of a value, whose batch is open, is made of that value.
func TestFillLike(t *testing.T) {
	g := lowerOK(t, Graph{Placeholder("x", -1, 3), Op("s", "Shape", In("x")), Const("two", Floats(tensor.Shape{}, 2)), Const("zero", Floats(tensor.Shape{}, 0)),
		Op("a", "Fill", In("s", "two")), Op("b", "Fill", In("s", "zero")), Op("y", "AddN", In("x", "a", "b"))})
	if diff := cmp.Diff([]string{"a/zeros Unary", "a Power", "b Unary", "y Eltwise"}, kinds(g)); diff != "" {
		t.Error(diff)
	}
}

// Keras 2 normalises rows as the channels of an image, with a one and a zero for each.
func TestRowsNormalised(t *testing.T) {
	rows := Graph{Placeholder("x", -1, 6), Op("s", "Shape", In("x")), Const("at", Ints(tensor.Shape{1}, 0)), Const("to", Ints(tensor.Shape{1}, 1)),
		Op("n", "StridedSlice", In("s", "at", "to", "to")), Const("shape", Ints(tensor.Shape{4}, 1, -1, 6, 1)), Op("r", "Reshape", In("x", "shape")),
		Const("one", Floats(tensor.Shape{}, 1)), Const("zero", Floats(tensor.Shape{}, 0)), Op("scale", "Fill", In("n", "one")), Op("offset", "Fill", In("n", "zero"))}
	empty := Const("none", Tensor{DType: tensorproto.Float, Shape: tensor.Shape{0}})
	norm := func(scale string) Graph {
		return append(rows[:len(rows):len(rows)], empty, Op("y", "FusedBatchNormV3", In("r", scale, "offset", "none", "none"), "data_format", "NCHW", "epsilon", float32(0.5)))
	}
	g := lowerOK(t, norm("scale"))
	if diff := cmp.Diff(layer.MVN{Axis: 2, Variance: true, Epsilon: 0.5, Inside: true}, g.Node("y").Layer); diff != "" || g.Node("scale") != nil {
		t.Errorf("%v: %s", kinds(g), diff)
	}
	if g = lowerOK(t, norm("n")); g.Node("y").Layer.Kind() == "MVN" {
		t.Error("a scale that is not uniform was taken for one")
	}
}
