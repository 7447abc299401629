package engine

import (
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// A clip in place that reads its own output for its input lets every gradient pass: all of it is within the limits.
func TestBackwardReadsWhatIsInMemory(t *testing.T) {
	n := &graph.Node{Name: "clip", Layer: layer.Clip{Min: -1, Max: 1}, Inputs: []string{"x"}, Outputs: []string{"x@clip"}}
	g := &graph.Graph{Inputs: []graph.Input{{Name: "x"}}, Nodes: []*graph.Node{n}, Outputs: []string{"x@clip"}}
	one := func(v float64) *tensor.Tensor[float64] { return tensor.From([]float64{v}, 1) }
	gradient := func() float64 {
		r, err := Run(t.Context(), g, map[string]*tensor.Tensor[float64]{"x": one(5)}, Options[float64]{Keep: All})
		if err != nil {
			t.Fatal(err)
		}
		seeds := map[string]*tensor.Tensor[float64]{"x@clip": one(3)}
		b, err := Backward(t.Context(), g, r.Values, seeds, BackwardOptions[float64]{})
		if err != nil {
			t.Fatal(err)
		}
		return b.Values["x"].Data[0]
	}
	if got := gradient(); got != 0 {
		t.Errorf("the function's gradient: got %g, want 0", got)
	}
	n.Reread = map[string]string{"x": "x@clip"}
	if got := gradient(); got != 3 {
		t.Errorf("from memory: got %g, want 3", got)
	}
}
