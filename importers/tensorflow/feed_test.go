package tensorflow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
	"parity/importers/piece"
	"parity/importers/tensorflow"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

// controlled is y = x w within a loop, and z = relu(y + v) within a branch.
func controlled(t *testing.T) *graphdef.Graph {
	t.Helper()
	op, in, float := tensorflowtest.Op, tensorflowtest.In, tensorproto.Float
	g, err := graphdef.Parse("graph.pb", tensorflowtest.Graph{
		tensorflowtest.Placeholder("image", -1, 2),
		op("turns", "Placeholder", nil, "dtype", tensorproto.Bool, "shape", tensor.Shape{}),
		tensorflowtest.Const("w", tensorflowtest.Ramp(2, 3)),
		tensorflowtest.Const("v", tensorflowtest.Ramp(3)),
		op("w/enter", "Enter", in("w"), "T", float, "frame_name", "loop"),
		op("enter", "Enter", in("image"), "T", float, "frame_name", "loop"),
		op("merge", "Merge", in("enter", "next"), "T", float, "N", 2),
		op("again", "Switch", in("merge", "turns"), "T", float),
		op("x", "Identity", in("again:1"), "T", float),
		op("y", "MatMul", in("x", "w/enter", "^turns"), "T", float),
		op("next", "NextIteration", in("y"), "T", float),
		op("v/switch", "Switch", in("v", "turns"), "T", float),
		op("sum", "AddV2", in("y", "v/switch:1"), "T", float),
		op("z", "Relu", in("sum"), "T", float),
		op("out", "Exit", in("again"), "T", float),
	}.Binary())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func names(g *graphdef.Graph) map[string][]string {
	list := map[string][]string{}
	for _, n := range g.Nodes {
		list[n.Name] = n.Inputs
	}
	return list
}

func TestValuesWithinLoopsAndBranchesAreFed(t *testing.T) {
	def := controlled(t)
	for _, test := range []struct {
		fed  string
		want map[string][]string
	}{
		{"x", map[string][]string{"x": nil, "w": nil, "v": nil, "y": {"x", "w"}, "sum": {"y", "v"}, "z": {"sum"}}},
		{"again:1", map[string][]string{"again_1": nil, "w": nil, "v": nil, "x": {"again_1"}, "y": {"x", "w"}, "sum": {"y", "v"}, "z": {"sum"}}},
		{"sum", map[string][]string{"sum": nil, "w": nil, "v": nil, "z": {"sum"}}},
	} {
		if !tensorflow.Feedable(def, test.fed) {
			t.Errorf("%s cannot be fed", test.fed)
		}
		got := tensorflow.Feed(def, []piece.Input{{Name: test.fed, Shape: tensor.Shape{-1, 2}}})
		if d := cmp.Diff(test.want, names(got)); d != "" {
			t.Errorf("%s fed:\n%s", test.fed, d)
		}
	}
	for _, not := range []string{"image", "w", "nowhere", "x:y"} {
		if tensorflow.Feedable(def, not) {
			t.Errorf("%s can be fed", not)
		}
	}
}

func TestAFedGraphIsLowered(t *testing.T) {
	g, err := tensorflow.Lower(tensorflow.Feed(controlled(t), []piece.Input{{Name: "x", Shape: tensor.Shape{-1, 2}}}), nil)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, n := range g.Nodes {
		kinds = append(kinds, n.Layer.Kind())
	}
	if d := cmp.Diff([]string{"InnerProduct", "ReLU"}, kinds); d != "" || len(g.Inputs) != 1 || g.Inputs[0].Name != "x" {
		t.Errorf("inputs %v, layers %s", g.Inputs, d)
	}
}
