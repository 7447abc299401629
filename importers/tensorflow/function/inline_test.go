package function

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/importers/tensorflow/graphdef"
)

func node(name, op string, inputs ...string) *graphdef.Node {
	return &graphdef.Node{Name: name, Op: op, Inputs: inputs, Attrs: map[string]*graphdef.Attr{}, File: "x.pb"}
}

func call(name, function string, inputs ...string) *graphdef.Node {
	n := node(name, "PartitionedCall", inputs...)
	n.Attrs["f"] = &graphdef.Attr{Field: "func", Func: function}
	return n
}

// define makes a function: "name(a, b) -> out=ref, ...".
func define(name string, inputs []string, returns map[string]string, outputs []string, nodes ...*graphdef.Node) *graphdef.Function {
	f := &graphdef.Function{Name: name, Returns: returns, Nodes: nodes}
	for _, in := range inputs {
		f.Inputs = append(f.Inputs, graphdef.Argument{Name: in})
	}
	for _, out := range outputs {
		f.Outputs = append(f.Outputs, graphdef.Argument{Name: out})
	}
	return f
}

func listed(g *graphdef.Graph) []string {
	var list []string
	for _, n := range g.Nodes {
		list = append(list, fmt.Sprintf("%s=%s(%s)", n.Name, n.Op, strings.Join(n.Inputs, ",")))
	}
	return list
}

func TestInline(t *testing.T) {
	norm := define("norm", []string{"x", "w"}, map[string]string{"y": "bn:batch_variance:0", "z": "x"}, []string{"y", "z"},
		node("bn", "FusedBatchNormV3", "x", "w", "^bn"))
	net := define("net", []string{"image", "v"}, map[string]string{"out": "model/inner:output:0", "raw": "model/inner:output:1"}, []string{"out", "raw"},
		node("read", "ReadVariableOp", "v"), node("model/split", "Split", "image"), call("model/inner", "norm", "model/split:output:2", "read:value:0"))
	g := &graphdef.Graph{
		Functions: []*graphdef.Function{norm, net},
		Nodes: []*graphdef.Node{
			node("image", "Placeholder"), node("v", "VarHandleOp"), call("StatefulPartitionedCall", "net", "image", "v", "^image"),
			node("read", "Identity", "StatefulPartitionedCall:1"), node("If", "If", "image"),
		},
		Fetches: []graphdef.Binding{{Name: "prob", Tensor: "StatefulPartitionedCall:0"}, {Name: "in", Tensor: "image:0"}},
	}
	got, err := Inline(g)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"image=Placeholder()", "v=VarHandleOp()", "StatefulPartitionedCall/read=ReadVariableOp(v)", "model/split=Split(image)",
		"model/inner/bn=FusedBatchNormV3(model/split:2,StatefulPartitionedCall/read)", "read=Identity(model/split:2)", "If=If(image)",
	}
	if diff := cmp.Diff(want, listed(got)); diff != "" {
		t.Error(diff)
	}
	if want := []graphdef.Binding{{Name: "prob", Tensor: "model/inner/bn:2"}, {Name: "in", Tensor: "image"}}; !cmp.Equal(got.Fetches, want) {
		t.Errorf("got %v, want %v", got.Fetches, want)
	}
	if g.Nodes[2].Op != "PartitionedCall" || g.Fetches[0].Tensor != "StatefulPartitionedCall:0" {
		t.Error("the graph that was given has changed")
	}
}

// A function of TensorFlow 1 is called by an operation of its name, and its outputs have their own names.
func TestCallByName(t *testing.T) {
	f := define("Twice", []string{"x"}, map[string]string{"first": "a:z:0", "second": "b:z:0"}, []string{"first", "second"},
		node("a", "Relu", "x"), node("b", "Tanh", "x"))
	outer := define("Outer", []string{"x"}, map[string]string{"y": "t:second:0"}, []string{"y"}, node("t", "Twice", "x"))
	got, err := Inline(&graphdef.Graph{Functions: []*graphdef.Function{f, outer}, Nodes: []*graphdef.Node{
		node("x", "Placeholder"), node("o", "Outer", "x"), node("p", "Outer", "x"), node("end", "Add", "o", "p"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "end=Add(b,t/b)"; listed(got)[len(got.Nodes)-1] != want {
		t.Errorf("got %v, want %s last", listed(got), want)
	}
}

func TestErrors(t *testing.T) {
	loop := define("loop", []string{"x"}, map[string]string{"y": "c:output:0"}, []string{"y"}, call("c", "loop", "x"))
	wide := func(name, next string) *graphdef.Function {
		return define(name, nil, nil, nil, call("a", next), call("b", next))
	}
	var bomb []*graphdef.Function
	for i := range 40 {
		bomb = append(bomb, wide(fmt.Sprint("f", i), fmt.Sprint("f", i+1)))
	}
	one := define("one", []string{"x"}, map[string]string{"y": "x"}, []string{"y"})
	lists := define("lists", []string{"x"}, nil, nil)
	lists.Inputs[0].List = true
	for _, c := range []struct {
		want      string
		functions []*graphdef.Function
		nodes     []*graphdef.Node
	}{
		{"does \"loop\" call itself?", []*graphdef.Function{loop}, []*graphdef.Node{node("x", "Placeholder"), call("c", "loop", "x")}},
		{"more than 262144 nodes", bomb, []*graphdef.Node{call("c", "f0")}},
		{"takes 1 arguments, found 0", []*graphdef.Function{one}, []*graphdef.Node{call("c", "one")}},
		{"the argument \"x\" of the function \"lists\" is a list", []*graphdef.Function{lists}, []*graphdef.Node{node("x", "Placeholder"), call("c", "lists", "x")}},
		{`its input "c:1" is output 1 of the function "one", which has 1`, []*graphdef.Function{one}, []*graphdef.Node{node("x", "P"), call("c", "one", "x"), node("r", "Relu", "c:1")}},
		{`its input "y" does not exist`, nil, []*graphdef.Node{node("r", "Relu", "y")}},
		{`its input "r:x" is not the output of a node`, nil, []*graphdef.Node{node("r", "Relu", "r:x")}},
		{"without end", []*graphdef.Function{one}, []*graphdef.Node{call("c", "one", "c"), node("r", "Relu", "c")}},
		{`does not exist in the function "bad"`, []*graphdef.Function{define("bad", nil, map[string]string{"y": "gone:z:0"}, []string{"y"})}, []*graphdef.Node{call("c", "bad"), node("r", "Relu", "c")}},
	} {
		_, err := Inline(&graphdef.Graph{File: "x.pb", Functions: c.functions, Nodes: c.nodes})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// A condition becomes Switches, the bodies of both branches and Merges, as TensorFlow lowers it.
func TestCondition(t *testing.T) {
	then := define("then", []string{"a"}, map[string]string{"y": "r:activations:0", "z": "a"}, []string{"y", "z"}, node("r", "Relu", "a"))
	otherwise := define("else", []string{"a"}, map[string]string{"y": "a", "z": "r:y:0"}, []string{"y", "z"}, node("r", "Neg", "a"))
	cond := node("cond", "StatelessIf", "p", "x")
	cond.Attrs["then_branch"], cond.Attrs["else_branch"] = &graphdef.Attr{Field: "func", Func: "then"}, &graphdef.Attr{Field: "func", Func: "else"}
	got, err := Inline(&graphdef.Graph{
		Functions: []*graphdef.Function{then, otherwise},
		Nodes:     []*graphdef.Node{node("p", "Placeholder"), node("x", "Placeholder"), cond, node("out", "AddV2", "cond", "cond:1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"p=Placeholder()", "x=Placeholder()", "cond/switch/0=Switch(x,p)", "cond/else/r=Neg(cond/switch/0)", "cond/then/r=Relu(cond/switch/0:1)",
		"cond=_Merge(cond/switch/0,cond/then/r,p)", "cond/merge/1=_Merge(cond/else/r,cond/switch/0:1,p)", "out=AddV2(cond,cond/merge/1)",
	}
	if diff := cmp.Diff(want, listed(got)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"cond:1": "cond/merge/1"}, got.Names); diff != "" {
		t.Error(diff)
	}
}

// One of many branches is chosen by a number.
func TestCase(t *testing.T) {
	pick := node("pick", "StatelessCase", "i", "x")
	pick.Attrs["branches"] = &graphdef.Attr{Field: "list", List: []*graphdef.Attr{{Field: "func", Func: "a"}, {Field: "func", Func: "b"}, {Field: "func", Func: "a"}}}
	got, err := Inline(&graphdef.Graph{
		Functions: []*graphdef.Function{
			define("a", []string{"a"}, map[string]string{"y": "r:activations:0"}, []string{"y"}, node("r", "Relu", "a")),
			define("b", []string{"a"}, map[string]string{"y": "a"}, []string{"y"}),
		},
		Nodes: []*graphdef.Node{node("i", "Placeholder"), node("x", "Placeholder"), pick},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"i=Placeholder()", "x=Placeholder()", "pick/switch/0=_SwitchN(x,i)", "pick/branch0/r=Relu(pick/switch/0)", "pick/branch2/r=Relu(pick/switch/0:2)",
		"pick=_Merge(pick/branch0/r,pick/switch/0:1,pick/branch2/r,i)",
	}
	if diff := cmp.Diff(want, listed(got)); diff != "" {
		t.Error(diff)
	}
}
