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
	{"Abs", []Example{
		{Layer: Abs{}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"AveragePool", []Example{
		{Layer: AveragePool{Pool{Window: exampleWindow, Ceil: true, Clip: true}, PaddedCells}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
	}},
	{"Bias", []Example{
		{Layer: Bias{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Clip", []Example{
		{Layer: Clip{Min: -0.4, Max: 0.7}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Concat", []Example{
		{Layer: Concat{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {2, 6, 4, 5}}},
	}},
	{"Convolution", []Example{
		{Layer: Convolution{exampleWindow, 6, 2, true}, Inputs: []tensor.Shape{{3, 4, 7, 8}}},
	}},
	{"Dropout", []Example{
		{Layer: Dropout{Ratio: 0.4}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: Dropout{Ratio: 0.3, Active: true}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {2, 3, 4, 5}}, Draw: drawMask},
	}},
	{"ELU", []Example{
		{Layer: ELU{Alpha: 0.6}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Exp", []Example{
		{Layer: Exp{Base: math.E, Scale: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawModerate},
		{Layer: Exp{Base: 2, Scale: 0.5, Shift: 1.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawModerate},
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
	{"Log", []Example{
		{Layer: Log{Base: math.E, Scale: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Log{Base: 10, Scale: 0.5, Shift: 1.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
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
	{"PReLU", []Example{
		{Layer: PReLU{}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: PReLU{Shared: true}, Inputs: []tensor.Shape{{4, 3}}},
	}},
	{"Power", []Example{
		{Layer: Power{Power: 0, Scale: 1, Shift: 0}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: 1, Scale: 0.7, Shift: -2}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: 2, Scale: -0.5, Shift: 1.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: 3, Scale: 0.7, Shift: 0}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: 0.5, Scale: 2, Shift: 0.25}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: -1.5, Scale: 0.7, Shift: 1.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
	}},
	{"ReLU", []Example{
		{Layer: ReLU{Slope: 0.25}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Reshape", []Example{
		{Layer: Reshape{Shape: []int{0, -1}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Sigmoid", []Example{
		{Layer: Sigmoid{}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Softmax", []Example{
		{Layer: Softmax{Axis: 1}, Inputs: []tensor.Shape{{2, 6, 3}}},
	}},
	{"Softplus", []Example{
		{Layer: Softplus{}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Swish", []Example{
		{Layer: Swish{Beta: 1.7}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Tanh", []Example{
		{Layer: Tanh{}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Threshold", []Example{
		{Layer: Threshold{Threshold: 0.3}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
}

var exampleWindow = Window{
	Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: [2]int{1, 1},
	Padding: Padding{Top: 1, Left: 0, Bottom: 2, Right: 1},
}

// drawMask makes the second input a mask of 0 and 1.
func drawMask(_ *rand.Rand, in []*tensor.Tensor[float64]) {
	for i, v := range in[1].Data {
		in[1].Data[i] = 0
		if v > 0 {
			in[1].Data[i] = 1
		}
	}
}

// drawModerate keeps the numbers within (-8, 8), whose exponentials are finite in any precision.
func drawModerate(_ *rand.Rand, in []*tensor.Tensor[float64]) {
	for i, v := range in[0].Data {
		in[0].Data[i] = math.Mod(v, 8)
	}
}

// drawPositive makes all numbers at least 1.
func drawPositive(_ *rand.Rand, in []*tensor.Tensor[float64]) {
	for i, v := range in[0].Data {
		in[0].Data[i] = float64(float32(1 + math.Abs(v)))
	}
}
