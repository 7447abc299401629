package engine

import (
	"strings"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// What the framework draws is drawn here where it is not given, the same each time.
func TestDraw(t *testing.T) {
	g := &graph.Graph{Inputs: []graph.Input{{Name: "r", Shape: tensor.Shape{-1, 3}, Drawn: true}, {Name: "x", Shape: tensor.Shape{-1, 2}}}}
	var runs [2]map[string]tensor.Any
	for i := range runs {
		runs[i] = map[string]tensor.Any{"x": tensor.New[float32](5, 2)}
		if err := Draw(g, runs[i]); err != nil {
			t.Fatal(err)
		}
	}
	a, b := tensor.As[float32](runs[0]["r"]), tensor.As[float32](runs[1]["r"])
	if !a.Shape.Equal(tensor.Shape{5, 3}) || a.Data[0] == a.Data[1] || a.Data[0] != b.Data[0] {
		t.Errorf("got %v of %v, then %v", a.Data, a.Shape, b.Data)
	}
	g.Inputs[0].Shape = tensor.Shape{2, -1}
	if err := Draw(g, map[string]tensor.Any{}); err == nil || !strings.Contains(err.Error(), `draws the input "r" itself`) {
		t.Errorf("got %v", err)
	}
}
