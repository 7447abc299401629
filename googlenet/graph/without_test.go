package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

func TestWithout(t *testing.T) {
	node := func(name string, l layer.Layer, in ...string) *Node {
		return &Node{Name: name, Layer: l, Inputs: in, Outputs: []string{name}}
	}
	g := &Graph{
		Inputs: []Input{{Name: "x", Shape: tensor.Shape{-1, 3}}, {Name: "labels", Shape: tensor.Shape{-1}}},
		Nodes: []*Node{
			node("y", layer.ReLU{}, "x"), node("logits", layer.Tanh{}, "y"), node("each", layer.SoftmaxCrossEntropySparse{Axis: 1}, "logits", "labels"),
			node("loss", layer.Reduce{Reducer: layer.ReduceMean, Axes: []int{0}}, "each"), node("z", layer.Tanh{}, "y"),
		},
		Outputs: []string{"loss", "z"}, Aliases: map[string]string{"a": "each", "b": "y"},
	}
	rest, gone := g.Without("labels")
	if diff := cmp.Diff([]string{"loss"}, gone); diff != "" {
		t.Error(diff)
	}
	if err := rest.Check(); err != nil || len(rest.Nodes) != 3 || len(rest.Inputs) != 1 || len(g.Nodes) != 5 {
		t.Errorf("%d nodes and %d inputs are left, %v", len(rest.Nodes), len(rest.Inputs), err)
	}
	if diff := cmp.Diff([]string{"z", "logits"}, rest.Outputs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"b": "y"}, rest.Aliases); diff != "" {
		t.Error(diff)
	}
	shapes := g.OpenShapes()
	if !shapes["z"].Equal(tensor.Shape{-1, 3}) || shapes["loss"] == nil || shapes["loss"].Len() != 1 {
		t.Errorf("got the shapes %v", shapes)
	}
}
