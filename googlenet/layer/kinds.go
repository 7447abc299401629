package layer

import (
	"math"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// Kind is the registry row of an operation.
type Kind struct {
	Name string
	// Examples together have every attribute away from its default. Tests run all of them.
	Examples []Example
}

// Example is a layer of some kind and inputs that it takes.
type Example struct {
	Layer  Layer
	Inputs []tensor.Shape
	// Draw makes inputs that were drawn from around zero fit to be read: labels to be integers, logarithms to have positive
	// arguments; nil where any numbers do.
	Draw func(r *rand.Rand, in []*tensor.Tensor[float64])
}

// Kinds lists every operation that can be computed.
var Kinds = []Kind{
	{"AveragePool", []Example{
		{Layer: AveragePool{Pool{Window: exampleWindow, Ceil: true, Clip: true}, PaddedCells}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
	}},
	{"BatchReindex", []Example{
		{Layer: BatchReindex{}, Inputs: []tensor.Shape{{4, 3, 2}, {5}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 4) }},
	}},
	{"Bias", []Example{
		{Layer: Bias{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Concat", []Example{
		{Layer: Concat{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {2, 6, 4, 5}}},
	}},
	{"Convolution", []Example{
		{Layer: Convolution{exampleWindow, 6, 2, true}, Inputs: []tensor.Shape{{3, 4, 7, 8}}},
	}},
	{"ConvolutionND", []Example{
		{Layer: ConvolutionND{exampleWindowND, 2, 6, 2, true}, Inputs: []tensor.Shape{{2, 3, 4, 5, 6, 7}}},
		{Layer: ConvolutionND{WindowND{[]int{3}, []int{2}, []int{1}, []int{1}, []int{2}}, 1, 5, 1, false}, Inputs: []tensor.Shape{{2, 3, 9}}},
		{Layer: ConvolutionND{WindowND{}, 1, 6, 2, true}, Inputs: []tensor.Shape{{3, 4}}},
	}},
	{"Crop", []Example{
		{Layer: Crop{Axis: 1, Offsets: []int{2, 0, 1}}, Inputs: []tensor.Shape{{2, 7, 4, 6}, {9, 3, 4, 5}}},
		{Layer: Crop{Axis: 2, Offsets: []int{1}}, Inputs: []tensor.Shape{{2, 3, 4, 6}, {2, 5, 3, 4}}},
	}},
	{"Deconvolution", []Example{
		{Layer: Deconvolution{exampleWindow, [2]int{1, 2}, 6, 2, true}, Inputs: []tensor.Shape{{3, 4, 5, 7}}},
		{Layer: Deconvolution{Window{[2]int{2, 5}, [2]int{3, 2}, [2]int{1, 2}, Padding{Mode: SameUpper}}, [2]int{}, 5, 1, false}, Inputs: []tensor.Shape{{2, 3, 4, 6}}},
	}},
	{"DeconvolutionND", []Example{
		{Layer: DeconvolutionND{exampleWindowND, []int{0, 1, 2}, 2, 6, 2, true}, Inputs: []tensor.Shape{{2, 1, 4, 5, 2, 3}}},
		{Layer: DeconvolutionND{WindowND{[]int{3}, []int{2}, []int{1}, []int{1}, []int{0}}, nil, 1, 5, 1, false}, Inputs: []tensor.Shape{{2, 3, 9}}},
	}},
	{"Dropout", []Example{
		{Layer: Dropout{Ratio: 0.4}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Embed", []Example{
		{Layer: Embed{6, 4, true}, Inputs: []tensor.Shape{{3, 5}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[0], 6) }},
	}},
	{"Filter", []Example{
		{Layer: Filter{}, Inputs: []tensor.Shape{{6, 3, 2}, {6, 4}, {6, 1}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[2], 2) }},
	}},
	{"Identity", []Example{
		{Layer: Identity{}, Inputs: []tensor.Shape{{2, 3}}},
	}},
	{"Im2col", []Example{
		{Layer: Im2col{exampleWindowND, 2}, Inputs: []tensor.Shape{{2, 3, 4, 5, 6, 7}}},
	}},
	{"InnerProduct", []Example{
		{Layer: InnerProduct{7, true}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"LRN", []Example{
		{Layer: LRN{Size: 5, Alpha: 0.3, Beta: 0.6, K: 1.5}, Inputs: []tensor.Shape{{2, 7, 3, 4}}},
	}},
	{"MaxPool", []Example{
		{Layer: MaxPool{Pool{Window: exampleWindow, Ceil: true, Clip: true}, true, true}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
	}},
	{"Pad", []Example{
		{Layer: Pad{Before: []int{0, 1, 2, 0}, After: []int{1, 0, 3, 2}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Permute", []Example{
		{Layer: Permute{Axes: []int{0, 2, 3, 1}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"ReLU", []Example{
		{Layer: ReLU{Slope: 0.25}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Reshape", []Example{
		{Layer: Reshape{Shape: []int{0, -1}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Slice", []Example{
		{Layer: Slice{Axis: 2, Points: []int{1, 4}}, Inputs: []tensor.Shape{{2, 3, 6, 5}}},
		{Layer: Slice{Axis: 1, Parts: 3}, Inputs: []tensor.Shape{{2, 6, 5}}},
	}},
	{"Softmax", []Example{
		{Layer: Softmax{Axis: 1}, Inputs: []tensor.Shape{{2, 6, 3}}},
	}},
	{"StochasticPool", []Example{
		{Layer: StochasticPool{Pool{Window: exampleWindow, Ceil: true, Clip: true}}, Inputs: []tensor.Shape{{2, 3, 7, 8}}, Draw: drawPositive},
	}},
	{"Tile", []Example{
		{Layer: Tile{Axis: 1, Tiles: 3}, Inputs: []tensor.Shape{{2, 4, 5}}},
	}},
}

var exampleWindow = Window{
	Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: [2]int{1, 1},
	Padding: Padding{Top: 1, Left: 0, Bottom: 2, Right: 1},
}

var exampleWindowND = WindowND{
	Kernel: []int{2, 3, 1}, Stride: []int{1, 2, 3}, Dilation: []int{3, 1, 2},
	Before: []int{1, 0, 0}, After: []int{0, 2, 1},
}

// drawIndices draws whole numbers below n.
func drawIndices(r *rand.Rand, t *tensor.Tensor[float64], n int) {
	for i := range t.Data {
		t.Data[i] = float64(r.IntN(n))
	}
}

// drawPositive takes the magnitudes of what was drawn.
func drawPositive(_ *rand.Rand, in []*tensor.Tensor[float64]) {
	for _, t := range in {
		for i, v := range t.Data {
			t.Data[i] = math.Abs(v)
		}
	}
}
