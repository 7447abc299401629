package engine

import (
	"strings"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// TestSharedGradients: an encoder and a decoder read one matrix, the decoder transposed; the gradients of both are added
// in the memory that they share.
func TestSharedGradients(t *testing.T) {
	w := &graph.Param{Name: "w", Value: tensor.From([]float64{1, 2, 3, 4, 5, 6}, 2, 3)}
	turned := graph.Stored{ToCommon: []int{1, 0}}
	tied := &graph.Param{Name: "w", Value: graph.ToCommon(turned, tensor.As[float64](w.Value)), Stored: turned, Shares: w}
	g := &graph.Graph{
		Inputs: []graph.Input{{Name: "x"}},
		Nodes: []*graph.Node{
			{Name: "encode", Layer: layer.InnerProduct{Outputs: 2}, Inputs: []string{"x"}, Outputs: []string{"h"}, Params: []*graph.Param{w}},
			{Name: "decode", Layer: layer.InnerProduct{Outputs: 3}, Inputs: []string{"h"}, Outputs: []string{"y"}, Params: []*graph.Param{tied}},
		},
		Outputs: []string{"y"},
	}
	in := map[string]*tensor.Tensor[float64]{"x": tensor.From([]float64{1, 0, -1}, 1, 3)}
	r, err := Run(t.Context(), g, in, Options[float64]{Keep: All})
	if err != nil {
		t.Fatal(err)
	}
	// h = W x = (-2, -2), y = W^T h.
	seed := tensor.From([]float64{1, 1, 0}, 1, 3)
	b, err := Backward(t.Context(), g, r.Values, map[string]*tensor.Tensor[float64]{"y": seed}, BackwardOptions[float64]{})
	if err != nil {
		t.Fatal(err)
	}
	// dh = W dy = (3, 9); dW = dh x^T + h dy^T.
	want := []float64{3 - 2, -2, -3, 9 - 2, -2, -9}
	for _, p := range []*graph.Param{w, tied} {
		got := b.Param(p)
		if !got.Shape.Equal(tensor.Shape{2, 3}) {
			t.Fatalf("got shape %v, want 2x3", got.Shape)
		}
		for i, v := range want {
			if got.Data[i] != v {
				t.Fatalf("got %v, want %v", got.Data, want)
			}
		}
	}
	if len(b.Params) != 1 {
		t.Errorf("got %d gradients, want one", len(b.Params))
	}
}

// TestShapesDependOnValues runs a filter and what follows it, and an index out of range.
func TestShapesDependOnValues(t *testing.T) {
	g := &graph.Graph{
		Inputs: []graph.Input{{Name: "x"}, {Name: "s"}, {Name: "i"}},
		Nodes: []*graph.Node{
			{Name: "filter", Layer: layer.Filter{}, Inputs: []string{"x", "s"}, Outputs: []string{"f"}},
			{Name: "flat", Layer: layer.Reshape{Shape: []int{0, -1}}, Inputs: []string{"f"}, Outputs: []string{"r"}},
			{Name: "pick", Layer: layer.BatchReindex{}, Inputs: []string{"r", "i"}, Outputs: []string{"y"}},
		},
		Outputs: []string{"r", "y"},
	}
	in := map[string]*tensor.Tensor[float32]{
		"x": tensor.From([]float32{1, 2, 3, 4, 5, 6}, 3, 2, 1), "s": tensor.From([]float32{1, 0, 1}, 3), "i": tensor.From([]float32{1}, 1),
	}
	r, err := Run(t.Context(), g, in, Options[float32]{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Values["r"]; !got.Shape.Equal(tensor.Shape{2, 2}) || got.Data[2] != 5 {
		t.Errorf("got %v %v", got.Shape, got.Data)
	}
	if got := r.Values["y"]; !got.Shape.Equal(tensor.Shape{1, 2}) || got.Data[0] != 5 {
		t.Errorf("got %v %v", got.Shape, got.Data)
	}
	in["s"] = tensor.New[float32](3)
	if _, err := Run(t.Context(), g, in, Options[float32]{}); err == nil || !strings.Contains(err.Error(), "pick: index 0 is 1, outside a batch of 0") {
		t.Errorf("got %v", err)
	}
}
