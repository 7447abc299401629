package trace

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// TensorFlow's tensors are recorded as NODE:0; values of ONNX may have such names themselves.
func TestNamesThatEndInZero(t *testing.T) {
	g := &graph.Graph{
		Inputs:  []graph.Input{{Name: "x"}, {Name: "y:0"}, {Name: "z"}, {Name: "z:0"}},
		Nodes:   []*graph.Node{{Name: "r", Layer: layer.ReLU{}, Inputs: []string{"x"}, Outputs: []string{"r"}}},
		Aliases: map[string]string{"a:0": "r"},
	}
	one := func(v float32) tensor.Any { return tensor.From([]float32{v}, 1) }
	got := FromRecording(g, map[string]tensor.Any{"x:0": one(1), "y:0": one(2), "z": one(3), "z:0": one(4), "a:0": one(5), "w:0": one(6)})
	want := map[string]tensor.Any{"x": one(1), "y:0": one(2), "z": one(3), "z:0": one(4), "r": one(5)}
	if diff := cmp.Diff(want, got.Values); diff != "" || !cmp.Equal(got.Unmatched, []string{"w:0"}) {
		t.Errorf("unmatched %v: %s", got.Unmatched, diff)
	}
}
