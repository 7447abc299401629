package engine

import (
	"context"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// The product of 2^-127 and 2^10 is a normal number, but none where the first counts as zero; that of 2^-70 and 2^-70 is
// none in either case.
func TestFlush(t *testing.T) {
	x := map[string]*tensor.Tensor[float32]{"x": tensor.From([]float32{0x1p-127, 0x1p-70, -0x1p-70, 3}, 4), "z": tensor.From([]float32{0x1p10, 0x1p-70, 0x1p-70, 5}, 4)}
	for _, row := range []struct {
		flush bool
		want  [4]float32
	}{{false, [4]float32{0x1p-117, 0x1p-140, -0x1p-140, 15}}, {true, [4]float32{0, 0, 0, 15}}} {
		g := &graph.Graph{
			Inputs: []graph.Input{{Name: "x", Shape: tensor.Shape{4}}, {Name: "z", Shape: tensor.Shape{4}}}, Outputs: []string{"y"},
			Nodes: []*graph.Node{{Name: "y", Layer: layer.Eltwise{Combination: layer.EltwiseProduct}, Inputs: []string{"x", "z"}, Outputs: []string{"y"}, Flush: row.flush}},
		}
		r, err := Run(context.Background(), g, x, Options[float32]{})
		if err != nil {
			t.Fatal(err)
		}
		if got := [4]float32(r.Values["y"].Data); got != row.want {
			t.Errorf("flushing %v: got %v, want %v", row.flush, got, row.want)
		}
		if x["x"].Data[0] != 0x1p-127 {
			t.Error("the input was changed")
		}
	}
}
