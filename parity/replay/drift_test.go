package replay

import (
	"fmt"
	"math"
	"testing"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Two roundings of the same size, one after the other: whatever is drawn for the names, the limit of the second allows for both.
func TestLimitAllowsForTheNodesOwnRounding(t *testing.T) {
	x := tensor.New[float64](1, 3, 1, 1)
	for i := range x.Data {
		x.Data[i] = 1.1
	}
	for i := range 300 {
		nodes := []*graph.Node{
			{Name: "a", Layer: layer.Power{Power: 1, Scale: 0.7}, Inputs: []string{"x"}, Outputs: []string{fmt.Sprint("a", i)}},
			{Name: "b", Layer: layer.Power{Power: 1, Scale: 0.7}, Inputs: []string{fmt.Sprint("a", i)}, Outputs: []string{fmt.Sprint("b", i)}},
		}
		v, err := Segment(nodes, map[string]*tensor.Tensor[float64]{"x": x}, nil, fmt.Sprint("b", i), bound.Caffe, 1)
		if err != nil {
			t.Fatal(err)
		}
		for k, limit := range v.Bound.Data {
			if both := 2 * bound.U32 * math.Abs(v.X.Data[k]); !(limit >= both) {
				t.Errorf("draw %d: the limit %g is below %g", i, limit, both)
			}
		}
	}
}

// What is moved has mean 0 and variance 1.
func TestMoved(t *testing.T) {
	const n = 1 << 16
	x, by := tensor.New[float64](n), tensor.New[float64](n)
	for i := range by.Data {
		by.Data[i] = 1
	}
	var mean, square float64
	for _, v := range (&Drift{Threads: 2}).moved("value", 0, x, by).Data {
		mean, square = mean+v/n, square+v*v/n
	}
	if math.Abs(mean) > 6/math.Sqrt(n) || math.Abs(square-1) > 6*math.Sqrt2/math.Sqrt(n) {
		t.Errorf("mean %g, variance %g", mean, square)
	}
}
