package graph

import (
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

func TestInferOpen(t *testing.T) {
	first := func(n int) layer.StridedSlice {
		return layer.StridedSlice{Ranges: []layer.Range{{End: n, Stride: 1}, layer.Whole}}
	}
	for _, c := range []struct {
		name     string
		layer    layer.Layer
		in, want tensor.Shape
	}{
		{"what depends on an open extent is open", layer.ReLU{}, tensor.Shape{-1, 6}, tensor.Shape{-1, 6}},
		{"what does not is known", layer.InnerProduct{Outputs: 3}, tensor.Shape{-1, 6}, tensor.Shape{-1, 3}},
		{"a slice ends where an open extent does", first(10), tensor.Shape{-1, 6}, tensor.Shape{-1, 6}},
		{"a slice of a known extent", first(10), tensor.Shape{12, 6}, tensor.Shape{10, 6}},
		{"blocks divide an open extent", layer.SpaceToDepth{Block: 2}, tensor.Shape{1, 3, -1, 8}, tensor.Shape{1, 12, -1, 4}},
		{"an unknown rank", layer.ReLU{}, nil, nil},
	} {
		if got := InferOpen(c.layer, []tensor.Shape{c.in}); !got.Equal(c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
