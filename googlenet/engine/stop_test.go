package engine

import (
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// A node that is told to stop at an input passes no gradient to it; its other readers do.
func TestStop(t *testing.T) {
	node := func(name, in string, l layer.Layer) *graph.Node {
		return &graph.Node{Name: name, Layer: l, Inputs: []string{in}, Outputs: []string{name}}
	}
	cut := node("c", "a", layer.ReLU{Slope: 5})
	cut.Stop = []bool{true}
	g := &graph.Graph{
		Inputs:  []graph.Input{{Name: "x", Shape: tensor.Shape{2}}},
		Nodes:   []*graph.Node{node("a", "x", layer.ReLU{Slope: 2}), node("b", "a", layer.ReLU{Slope: 3}), cut, node("d", "x", layer.Identity{})},
		Outputs: []string{"b", "c", "d"},
	}
	if err := g.Check(); err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), g, map[string]*tensor.Tensor[float32]{"x": tensor.From([]float32{-1, 1}, 2)}, Options[float32]{Keep: All})
	if err != nil {
		t.Fatal(err)
	}
	one := tensor.From([]float32{1, 1}, 2)
	hook := func(n *graph.Node, g *layer.Gradient[float32]) error {
		if stopped := g.InGrad[0] == nil; stopped != (n.Name == "c") {
			t.Errorf("%s: stopped: %v", n.Name, stopped)
		}
		return nil
	}
	grads, err := Backward(t.Context(), g, r.Values, map[string]*tensor.Tensor[float32]{"b": one, "c": one}, BackwardOptions[float32]{Hook: hook})
	if err != nil {
		t.Fatal(err)
	}
	if got := grads.Values["x"].Data; got[0] != 6 || got[1] != 1 {
		t.Errorf("got %v, want [6 1]: the gradient of b alone", got)
	}
	cut.Stop = []bool{true, false}
	if g.Check() == nil {
		t.Error("accepted two cuts for one input")
	}
}
