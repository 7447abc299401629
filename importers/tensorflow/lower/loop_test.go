package lower

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
	. "parity/importers/tensorflow/tensorflowtest"
)

// counting is a loop that takes the hyperbolic tangent of x, and puts it into a list, as often as the loop's limit says.
func counting(t *testing.T, limit Node) *graphdef.Graph {
	t.Helper()
	def := parse(t, Graph{
		x2, limit, Const("zero", Ints(tensor.Shape{}, 0)), Const("two", Ints(tensor.Shape{}, 2)), Const("s", Ints(tensor.Shape{2}, 2, 6)),
		Op("list", "TensorListReserve", In("s", "two")), Op("loop", "StatelessWhile", In("zero", "x", "list", "n")), Op("y", "TensorListStack", In("loop:2", "s")),
	})
	node := func(name, op string, inputs ...string) *graphdef.Node {
		return &graphdef.Node{Name: name, Op: op, Inputs: inputs}
	}
	one := parse(t, Graph{x2, Const("one", Ints(tensor.Shape{}, 1))}).Nodes[1]
	args := []graphdef.Argument{{Name: "i"}, {Name: "x"}, {Name: "list"}, {Name: "n"}}
	def.Functions = []*graphdef.Function{
		{Name: "cond", Inputs: args, Outputs: []graphdef.Argument{{Name: "c"}}, Returns: map[string]string{"c": "less:z:0"}, Nodes: []*graphdef.Node{node("less", "Less", "i", "n")}},
		{Name: "body", Inputs: args, Outputs: args, Returns: map[string]string{"i": "next:z:0", "x": "t:y:0", "list": "set:output_handle:0", "n": "n"},
			Nodes: []*graphdef.Node{node("set", "TensorListSetItem", "list", "i", "t:y:0"), node("t", "Tanh", "x"), one, node("next", "AddV2", "i", "one:output:0")}},
	}
	attrs := def.Nodes[6].Attrs
	attrs["cond"], attrs["body"] = &graphdef.Attr{Field: "func", Func: "cond"}, &graphdef.Attr{Field: "func", Func: "body"}
	return def
}

// A loop that counts is lowered as often as it runs.
func TestUnrolled(t *testing.T) {
	g, err := Lower(counting(t, Const("n", Ints(tensor.Shape{}, 2))), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"loop/body/0/t Tanh", "loop/body/1/t Tanh", "y Stack"}, kinds(g)); diff != "" {
		t.Error(diff)
	}
	if !cmp.Equal(g.Outputs, []string{"y"}) || !cmp.Equal(g.Node("y").Inputs, []string{"loop/body/0/t", "loop/body/1/t"}) {
		t.Errorf("got %v of %v", g.Outputs, g.Node("y").Inputs)
	}
	// One whose end is fed, or that does not end, stays as it is.
	for _, limit := range []Node{Placeholder("n"), Const("n", Ints(tensor.Shape{}, 1<<20))} {
		g, err := Lower(counting(t, limit), nil)
		if limit.Op == "Const" { // the list has no place for it
			if err == nil && g.Node("y").Layer.Kind() != "?TensorListStack" {
				t.Errorf("without an end: got %v", kinds(g))
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"loop ?StatelessWhile", "y ?TensorListStack"}, kinds(g)[len(kinds(g))-2:]); diff != "" {
			t.Error(diff)
		}
	}
}
