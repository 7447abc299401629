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

// The same with a convolution, which works on maps in blocks: what it reads, its weights and what it writes.
func TestFlushInBlocks(t *testing.T) {
	const denormal = 0x1p-127
	one := [2]int{1, 1}
	conv := layer.Convolution{Window: layer.Window{Kernel: one, Stride: one, Dilation: one}, Outputs: 2, Groups: 1}
	for _, row := range []struct{ x, w, want, kept float32 }{
		{denormal, 0x1p10, 0, 0x1p-117}, {0x1p10, denormal, 0, 0x1p-117}, {0x1p-100, 0x1p-30, 0, 0x1p-130}, {0x1p-100, 0x1p-10, 0x1p-110, 0x1p-110},
	} {
		for flush, want := range map[bool]float32{true: row.want, false: row.kept} {
			g := &graph.Graph{
				Inputs: []graph.Input{{Name: "x", Shape: tensor.Shape{1, 1, 1, 2}}}, Outputs: []string{"y"},
				Nodes: []*graph.Node{{Name: "y", Layer: conv, Inputs: []string{"x"}, Outputs: []string{"y"}, Flush: flush,
					Params: []*graph.Param{{Name: "w", Value: tensor.From([]float32{row.w, 1}, 2, 1, 1, 1)}}}},
			}
			x := map[string]*tensor.Tensor[float32]{"x": tensor.From([]float32{row.x, 1}, 1, 1, 1, 2)}
			r, err := Run(context.Background(), g, x, Options[float32]{})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Values["y"].Data[0]; got != want {
				t.Errorf("flushing %v: %g times %g is %g, want %g", flush, row.x, row.w, got, want)
			}
		}
	}
}
