package side

import (
	"fmt"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// columns is a network of one fully connected layer, followed by what the test adds.
func columns(more ...*graph.Node) *graph.Graph {
	w := tensor.New[float32](5, 6)
	for i := range w.Data {
		w.Data[i] = float32(i%7) - 2.5
	}
	g := &graph.Graph{Inputs: []graph.Input{{Name: "x", Shape: tensor.Shape{-1, 6}}}, Outputs: []string{"y"}}
	g.Nodes = []*graph.Node{{Name: "fc", Layer: layer.InnerProduct{Outputs: 5}, Inputs: []string{"x"}, Outputs: []string{"y"}, Params: []*graph.Param{{Name: "w", Value: w}}}}
	for _, n := range more {
		g.Nodes, g.Outputs = append(g.Nodes, n), n.Outputs
	}
	return g
}

func fedWith(g *graph.Graph, images int) *fedSide {
	x := tensor.New[float32](images, 6)
	for i := range x.Data {
		x.Data[i] = float32(i*i%11) / 3
	}
	m := &model{graph: g, spec: Spec{Source: Native}, inputs: map[string]tensor.Any{"x": x}}
	return m.fed()
}

// Images are computed together only where that gives each of them the bits that it has alone.
func TestImagesAreComputedTogetherWhereThatChangesNothing(t *testing.T) {
	join := &graph.Node{Name: "softmax", Layer: layer.Softmax{Axis: 0}, Inputs: []string{"y"}, Outputs: []string{"z"}}
	for name, c := range map[string]struct {
		g     *graph.Graph
		alone bool
	}{"one by one": {columns(), false}, "a softmax over the batch": {columns(join), true}} {
		single, together := fedWith(c.g, 7), fedWith(c.g, 7)
		var list []string
		for from := 0; from < 7; from += 3 {
			traces, err := together.compute(t.Context(), from, min(from+3, 7), 2)
			if err != nil {
				t.Fatal(err)
			}
			for i, got := range traces {
				want, err := single.compute(t.Context(), from+i, from+i+1, 1)
				if err != nil {
					t.Fatal(err)
				}
				if !sameBits(got, want[0]) {
					list = append(list, fmt.Sprint(from+i))
				}
			}
		}
		if len(list) > 0 || together.alone != c.alone || !together.checked {
			t.Errorf("%s: images %v differ; alone %v, checked %v", name, list, together.alone, together.checked)
		}
	}
}

// A batch of a network whose outputs are not the images' own is not taken apart.
func TestOnlyImagesAreTakenApart(t *testing.T) {
	flat := &graph.Node{Name: "flat", Layer: layer.Permute{Axes: []int{1, 0}}, Inputs: []string{"y"}, Outputs: []string{"z"}}
	for name, c := range map[string]struct {
		g      *graph.Graph
		images int
		apart  bool
	}{"a batch": {columns(), 4, true}, "a single image": {columns(), 1, false}, "images along another axis": {columns(flat), 4, false}} {
		m := fedWith(c.g, c.images).model
		if got := (&Pair{m, m}).Images(ImageOptions{}) != nil; got != c.apart {
			t.Errorf("%s: taken apart: %v", name, got)
		}
	}
}
