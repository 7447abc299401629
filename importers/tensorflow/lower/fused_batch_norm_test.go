package lower

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	. "parity/importers/tensorflow/tensorflowtest"
)

// Constants are parameters unless one of them is fed; statistics are no results of the network, and the output for other
// devices is empty.
func TestFusedBatchNorm(t *testing.T) {
	g := lowerOK(t, Graph{x4, w(6), Op("y", "FusedBatchNormV3", In("x", "w", "w", "w", "w"), "is_training", false)})
	y := g.Node("y")
	if want := []string{"y", "y:1", "y:2", "y:3", "y:4"}; len(y.Params) != 4 || !cmp.Equal(y.Outputs, want) {
		t.Errorf("got %d parameters and the outputs %v", len(y.Params), y.Outputs)
	}
	if !cmp.Equal(g.Outputs, []string{"y"}) || g.Constants["y:5"].Dims().Len() != 0 {
		t.Errorf("got the results %v and the constants %v", g.Outputs, g.Constants)
	}
	g = lowerOK(t, Graph{
		x4, Placeholder("gamma", 6), Placeholder("beta", 6), empty,
		Op("y", "FusedBatchNormV3", In("x", "gamma", "beta", "e", "e"), "is_training", true),
	})
	y = g.Node("y")
	if l := y.Layer.(layer.FusedBatchNorm); !l.Fed || len(y.Params) != 0 || !cmp.Equal(y.Inputs, []string{"x", "gamma", "beta"}) {
		t.Errorf("got %+v of %v", y.Layer, y.Inputs)
	}
}

// Numbers that are fed do what constants do; what is a constant beside them is a value.
func TestFedStatistics(t *testing.T) {
	mean := Const("mean", Floats(tensor.Shape{2}, 0.5, -1))
	y := Op("y", "FusedBatchNorm", In("x", "gamma", "beta", "mean", "var"), "is_training", false, "data_format", "NCHW")
	x, gamma, beta, variance := []float32{1, 2, 3, 4, 5, 6}, []float32{2, 3}, []float32{-1, 1}, []float32{4, 9}
	vector := tensor.Shape{2}
	constant := lowerOK(t, Graph{
		Placeholder("x", 1, 2, 3, 1), Const("gamma", Floats(vector, gamma...)), Const("beta", Floats(vector, beta...)), mean, Const("var", Floats(vector, variance...)), y,
	})
	fed := lowerOK(t, Graph{Placeholder("x", 1, 2, 3, 1), Placeholder("gamma", 2), Placeholder("beta", 2), mean, Placeholder("var", 2), y})
	inputs := map[string]*tensor.Tensor[float32]{
		"x": tensor.From(x, 1, 2, 3, 1), "gamma": tensor.From(gamma, 2), "beta": tensor.From(beta, 2), "var": tensor.From(variance, 2),
	}
	var results [2][]float32
	for i, g := range []*graph.Graph{constant, fed} {
		r, err := engine.Run(context.Background(), g, inputs, engine.Options[float32]{})
		if err != nil {
			t.Fatal(err)
		}
		results[i] = r.Values["y"].Data
	}
	if want := []float32{-0.499987, 0.500037, 1.50006, 5.99997, 6.99997, 7.99996}; !cmp.Equal(results[0], results[1]) || !near(results[0], want) {
		t.Errorf("got %v and %v, want %v", results[0], results[1], want)
	}
}

func near(got, want []float32) bool {
	for i, v := range got {
		if d := v - want[i]; d > 1e-4 || d < -1e-4 {
			return false
		}
	}
	return len(got) == len(want)
}
