package bound

import (
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// TestMovedAttributesLeaveTheBound is TestEveryAttributeLeavesTheBound for what moves, picks or repeats elements, and for
// convolutions by weights that are an input.
func TestMovedAttributesLeaveTheBound(t *testing.T) {
	whole := layer.Whole
	pick := func(r layer.Range) layer.StridedSlice { return layer.StridedSlice{Ranges: []layer.Range{whole, r}} }
	mirror := func(change func(*layer.MirrorPad)) layer.MirrorPad {
		l := layer.MirrorPad{Before: []int{0, 2}, After: []int{0, 1}}
		change(&l)
		return l
	}
	window := layer.Window{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(1, 1)}
	shifted := window
	shifted.Padding = layer.Padding{Top: 0, Left: 1, Bottom: 2, Right: 1}
	conv, deconv := layer.Convolution{Window: window, Outputs: 6, Groups: 2}, layer.Deconvolution{Window: window, Outputs: 6, Groups: 2}
	convShifted, deconvShifted := conv, deconv
	convShifted.Window, deconvShifted.Window = shifted, shifted
	undilated := layer.Undilated{Of: conv}
	blocks := layer.SpaceToBatch{Axis: 2, Block: []int{2, 1}, Before: []int{1, 0}, After: []int{0, 0}}
	joined := layer.BatchToSpace{Axis: 2, Block: []int{2, 1}, Before: []int{1, 0}, After: []int{0, 0}}
	oneHot := layer.OneHot{Axis: 1, Depth: 4, On: 0.75, Off: 0.25}
	pair := []tensor.Shape{{3, 9}}
	map4, cube := []tensor.Shape{{2, 4, 9, 11}}, []tensor.Shape{{4, 4, 4}}
	fours := []tensor.Shape{{4, 4}, {4, 4}, {4, 4}, {4, 4}}
	indices := func(r *rand.Rand, in []*tensor.Tensor[float64]) {
		last := in[len(in)-1]
		for i := range last.Data {
			last.Data[i] = float64(r.IntN(4))
		}
	}
	for _, c := range []struct {
		what       string
		base, with layer.Layer
		in         []tensor.Shape
		draw       func(*rand.Rand, []*tensor.Tensor[float64])
	}{
		{"slice's begin", pick(layer.Range{Begin: 1, End: 5, Stride: 1}), pick(layer.Range{Begin: 2, End: 6, Stride: 1}), pair, nil},
		{"slice's stride", pick(layer.Range{Begin: 1, End: 5, Stride: 2}), pick(layer.Range{Begin: 1, End: 3, Stride: 1}), pair, nil},
		{"slice's direction", pick(whole), pick(layer.Range{Stride: -1, BeginOpen: true, EndOpen: true}), pair, nil},
		{"slice's place", pick(layer.Range{Begin: 1, Stride: 1, Drop: true}), pick(layer.Range{Begin: -1, Stride: 1, Drop: true}), pair, nil},
		{"mirror's place", mirror(func(*layer.MirrorPad) {}), mirror(func(l *layer.MirrorPad) { l.Edge = true }), pair, nil},
		{"mirror's padding", mirror(func(*layer.MirrorPad) {}), mirror(func(l *layer.MirrorPad) { l.Before, l.After = l.After, l.Before }), pair, nil},
		{"padding's value", layer.Pad{Before: []int{0, 1}, After: []int{1, 0}}, layer.Pad{Before: []int{0, 1}, After: []int{1, 0}, Value: 1e-6}, pair, nil},
		{"padding", layer.Pad{Before: []int{0, 1}, After: []int{0, 0}}, layer.Pad{Before: []int{0, 0}, After: []int{0, 1}}, pair, nil},
		{"stack's axis", layer.Stack{Axis: 1}, layer.Stack{Axis: 2}, fours, nil},
		{"unstack's axis", layer.Unstack{Axis: 0, Parts: 4}, layer.Unstack{Axis: 2, Parts: 4}, cube, nil},
		{"gather's axis", layer.Gather{Axis: 0}, layer.Gather{Axis: 1}, []tensor.Shape{{4, 4}, {4}}, indices},
		{"one-hot's on", oneHot, layer.OneHot{Axis: 1, Depth: 4, On: 1, Off: 0.25}, []tensor.Shape{{4}}, indices},
		{"one-hot's off", oneHot, layer.OneHot{Axis: 1, Depth: 4, On: 0.75}, []tensor.Shape{{4}}, indices},
		{"one-hot's axis", oneHot, layer.OneHot{Axis: 0, Depth: 4, On: 0.75, Off: 0.25}, []tensor.Shape{{4}}, indices},
		{"blocks' padding", blocks, layer.SpaceToBatch{Axis: 2, Block: []int{2, 1}, Before: []int{0, 0}, After: []int{1, 0}}, map4, nil},
		{"joined blocks' cut", joined, layer.BatchToSpace{Axis: 2, Block: []int{2, 1}, Before: []int{0, 0}, After: []int{1, 0}}, map4, nil},
		{"padding of a convolution by an input", layer.ConvolutionBy{Of: conv}, layer.ConvolutionBy{Of: convShifted}, append(map4, tensor.Shape{6, 2, 3, 3}), nil},
		{"padding of a deconvolution by an input", layer.DeconvolutionBy{Of: deconv}, layer.DeconvolutionBy{Of: deconvShifted}, append(map4, tensor.Shape{4, 3, 3, 3}), nil},
		{"padding of a convolution with gradients of another", undilated, layer.Undilated{Of: convShifted}, map4, nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			x := draw(t, layer.Example{Layer: c.base, Inputs: c.in, Draw: c.draw}, 5, 6)
			changed, base := x.run64(c.with, x.in), x.run64(c.base, x.in)
			if r := worst(base, changed, x.bound(t, AnyOrder, nil)); r <= 1 {
				t.Errorf("the change stays inside the bound: ratio %g", r)
			}
		})
	}
}
