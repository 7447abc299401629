package lower

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/layer"
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
