package layer

import (
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
	{"Bias", []Example{
		{Layer: Bias{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Concat", []Example{
		{Layer: Concat{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {2, 6, 4, 5}}},
	}},
	{"Convolution", []Example{
		{Layer: Convolution{exampleWindow, 6, 2, true}, Inputs: []tensor.Shape{{3, 4, 7, 8}}},
	}},
	{"Dropout", []Example{
		{Layer: Dropout{Ratio: 0.4}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Identity", []Example{
		{Layer: Identity{}, Inputs: []tensor.Shape{{2, 3}}},
	}},
	{"InnerProduct", []Example{
		{Layer: InnerProduct{7, true}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"LRN", []Example{
		{Layer: LRN{Size: 5, Alpha: 0.3, Beta: 0.6, K: 1.5}, Inputs: []tensor.Shape{{2, 7, 3, 4}}},
	}},
	{"LSTM", []Example{
		{Layer: LSTM{Recurrence{5, true, true, false}}, Inputs: []tensor.Shape{{4, 2, 3}, {4, 2}, {2, 6}, {1, 2, 5}, {1, 2, 5}}, Draw: continuations},
		{Layer: LSTM{Recurrence{5, false, false, true}}, Inputs: []tensor.Shape{{6, 2, 3, 4}, {6, 2}}, Draw: continuations},
	}},
	{"MaxPool", []Example{
		{Layer: MaxPool{Pool{Window: exampleWindow, Ceil: true, Clip: true}, true}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
	}},
	{"Pad", []Example{
		{Layer: Pad{Before: []int{0, 1, 2, 0}, After: []int{1, 0, 3, 2}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Permute", []Example{
		{Layer: Permute{Axes: []int{0, 2, 3, 1}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"RNN", []Example{
		{Layer: RNN{Recurrence{5, true, true, false}}, Inputs: []tensor.Shape{{4, 2, 3}, {4, 2}, {2, 6}, {1, 2, 5}}, Draw: continuations},
		{Layer: RNN{Recurrence{5, false, false, true}}, Inputs: []tensor.Shape{{6, 2, 3, 4}, {6, 2}}, Draw: continuations},
	}},
	{"ReLU", []Example{
		{Layer: ReLU{Slope: 0.25}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Reshape", []Example{
		{Layer: Reshape{Shape: []int{0, -1}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Softmax", []Example{
		{Layer: Softmax{Axis: 1}, Inputs: []tensor.Shape{{2, 6, 3}}},
	}},
}

var exampleWindow = Window{
	Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: [2]int{1, 1},
	Padding: Padding{Top: 1, Left: 0, Bottom: 2, Right: 1},
}

// continuations makes the second input of a recurrent layer zeros and ones, ones for the most part.
func continuations(r *rand.Rand, in []*tensor.Tensor[float64]) {
	for i := range in[1].Data {
		in[1].Data[i] = float64(min(r.IntN(4), 1))
	}
}
