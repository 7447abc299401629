package idiom

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// dilatedConvolution is a convolution between SpaceToBatch and BatchToSpace of the same blocks: each part holds the cells that a
// kernel with the block as its dilation sees together.
func dilatedConvolution(f *finder, n *graph.Node) *match {
	join, ok := n.Layer.(layer.BatchToSpace)
	if !ok {
		return nil
	}
	middle := f.producers[n.Inputs[0]]
	if middle == nil || len(middle.Inputs) == 0 {
		return nil
	}
	first := f.producers[middle.Inputs[0]]
	if first == nil {
		return nil
	}
	cut, ok := first.Layer.(layer.SpaceToBatch)
	if !ok || cut.Axis != 2 || join.Axis != 2 || len(cut.Block) != 2 || !slices.Equal(cut.Block, join.Block) {
		return nil
	}
	l := dilated(middle.Layer, cut, join)
	if l == nil {
		return nil
	}
	inputs := slices.Concat(first.Inputs, middle.Inputs[1:])
	return &match{
		last: n, layer: l, inputs: inputs, params: middle.Params, parts: f.between(inputs, n.Outputs[0]),
		what: "SpaceToBatch, convolution and BatchToSpace to one dilated convolution",
	}
}

func dilated(l layer.Layer, cut layer.SpaceToBatch, join layer.BatchToSpace) layer.Layer {
	switch l := l.(type) {
	case layer.Convolution:
		if dilate(&l.Window, cut, join) {
			return l
		}
	case layer.ConvolutionBy:
		if dilate(&l.Of.Window, cut, join) {
			return l
		}
	}
	return nil
}

// dilate turns the window over a part into that over the map. A cell of padding around each part is a block of it around the map.
// Cells that are cut off the result need no padding.
func dilate(w *layer.Window, cut layer.SpaceToBatch, join layer.BatchToSpace) bool {
	one := [2]int{1, 1}
	if w.Stride != one || w.Dilation != one {
		return false
	}
	top, left, bottom, right := w.Padding.For(1, 1, *w) // at a stride of 1 it does not depend on the map
	w.Dilation = [2]int(cut.Block)
	w.Padding = layer.Padding{
		Top: cut.Before[0] - join.Before[0] + top*w.Dilation[0], Left: cut.Before[1] - join.Before[1] + left*w.Dilation[1],
		Bottom: cut.After[0] - join.After[0] + bottom*w.Dilation[0], Right: cut.After[1] - join.After[1] + right*w.Dilation[1],
	}
	p := w.Padding
	return min(p.Top, p.Left, p.Bottom, p.Right) >= 0
}
