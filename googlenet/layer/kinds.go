package layer

import "parity/googlenet/tensor"

// Kind is the registry row of an operation.
type Kind struct {
	Name string
	// Example is a layer of this kind with every attribute away from its default, and the shapes it takes.
	Example Layer
	Inputs  []tensor.Shape
}

// Kinds lists every operation that can be computed.
var Kinds = []Kind{
	{"AveragePool", AveragePool{Pool{Window: exampleWindow, Ceil: true, Clip: true}, PaddedCells}, []tensor.Shape{{2, 3, 7, 8}}},
	{"Bias", Bias{Axis: 1}, []tensor.Shape{{2, 3, 4, 5}}},
	{"Concat", Concat{Axis: 1}, []tensor.Shape{{2, 3, 4, 5}, {2, 6, 4, 5}}},
	{"Convolution", Convolution{exampleWindow, 6, 2, true}, []tensor.Shape{{3, 4, 7, 8}}},
	{"Dropout", Dropout{Ratio: 0.4}, []tensor.Shape{{2, 3, 4, 5}}},
	{"Identity", Identity{}, []tensor.Shape{{2, 3}}},
	{"InnerProduct", InnerProduct{7, true}, []tensor.Shape{{2, 3, 4, 5}}},
	{"LRN", LRN{Size: 5, Alpha: 0.3, Beta: 0.6, K: 1.5}, []tensor.Shape{{2, 7, 3, 4}}},
	{"MaxPool", MaxPool{Pool{Window: exampleWindow, Ceil: true, Clip: true}}, []tensor.Shape{{2, 3, 7, 8}}},
	{"Pad", Pad{Before: []int{0, 1, 2, 0}, After: []int{1, 0, 3, 2}}, []tensor.Shape{{2, 3, 4, 5}}},
	{"Permute", Permute{Axes: []int{0, 2, 3, 1}}, []tensor.Shape{{2, 3, 4, 5}}},
	{"ReLU", ReLU{Slope: 0.25}, []tensor.Shape{{2, 3, 4, 5}}},
	{"Reshape", Reshape{Shape: []int{0, -1}}, []tensor.Shape{{2, 3, 4, 5}}},
	{"Softmax", Softmax{Axis: 1}, []tensor.Shape{{2, 6, 3}}},
}

var exampleWindow = Window{
	Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: [2]int{1, 1},
	Padding: Padding{Top: 1, Left: 0, Bottom: 2, Right: 1},
}
