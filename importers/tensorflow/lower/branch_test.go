package lower

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
	// One that is fed does not.
	g = lowerOK(t, branched(Op("p", "Placeholder", nil, "dtype", tensorproto.Bool)))
	if k := g.Node("m").Layer.Kind(); k != "?Merge" {
		t.Errorf("fed: got %s", k)
	}
}
