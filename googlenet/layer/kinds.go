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
	{"Accuracy", []Example{
		{Layer: Accuracy{Axis: 2, TopK: 2, Labels: Labels{true, 1}, PerClass: true}, Inputs: []tensor.Shape{{2, 3, 5, 4}, {2, 3, 4}}, Draw: drawLabels(5)},
	}},
	{"ArgMax", []Example{
		{Layer: ArgMax{Axis: 1, TopK: 2}, Inputs: []tensor.Shape{{2, 5, 3}}},
		{Layer: ArgMax{TopK: 3, Flat: true, Values: true}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"AveragePool", []Example{
		{Layer: AveragePool{Pool{Window: exampleWindow, Ceil: true, Clip: true}, PaddedCells}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
	}},
	{"Bias", []Example{
		{Layer: Bias{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Concat", []Example{
		{Layer: Concat{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {2, 6, 4, 5}}},
	}},
	{"ContrastiveLoss", []Example{
		{Layer: ContrastiveLoss{Margin: 2.5}, Inputs: []tensor.Shape{{7, 3}, {7, 3}, {7}}, Draw: drawSimilar},
		{Layer: ContrastiveLoss{Margin: 1.5, SquaredDistance: true}, Inputs: []tensor.Shape{{7, 3}, {7, 3}, {7}}, Draw: drawSimilar},
	}},
	{"Convolution", []Example{
		{Layer: Convolution{exampleWindow, 6, 2, true}, Inputs: []tensor.Shape{{3, 4, 7, 8}}},
	}},
	{"Dropout", []Example{
		{Layer: Dropout{Ratio: 0.4}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"EuclideanLoss", []Example{
		{Layer: EuclideanLoss{}, Inputs: []tensor.Shape{{2, 3, 4}, {2, 12}}},
	}},
	{"HingeLoss", []Example{
		{Layer: HingeLoss{}, Inputs: []tensor.Shape{{4, 5}, {4}}, Draw: drawLabels(5)},
		{Layer: HingeLoss{Squared: true}, Inputs: []tensor.Shape{{4, 3, 2}, {4, 1}}, Draw: drawLabels(6)},
	}},
	{"Identity", []Example{
		{Layer: Identity{}, Inputs: []tensor.Shape{{2, 3}}},
	}},
	{"InfogainLoss", []Example{
		{Layer: InfogainLoss{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 5}, {2, 5}, {3, 3}}, Draw: drawLabels(3)},
		{
			Layer:  InfogainLoss{Axis: 2, Labels: Labels{true, 1}, Normalization: ByOuter, Gain: []float64{1, 0.5, 0.25, 2, -1, 0, 0.75, 1.25, 3}},
			Inputs: []tensor.Shape{{2, 5, 3}, {2, 5}}, Draw: drawLabels(3),
		},
	}},
	{"InnerProduct", []Example{
		{Layer: InnerProduct{7, true}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"LRN", []Example{
		{Layer: LRN{Size: 5, Alpha: 0.3, Beta: 0.6, K: 1.5}, Inputs: []tensor.Shape{{2, 7, 3, 4}}},
	}},
	{"MaxPool", []Example{
		{Layer: MaxPool{Pool{Window: exampleWindow, Ceil: true, Clip: true}, true}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
	}},
	{"MultinomialLogisticLoss", []Example{
		{Layer: MultinomialLogisticLoss{}, Inputs: []tensor.Shape{{5, 4}, {5}}, Draw: drawProbabilities},
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
	{"SigmoidCrossEntropy", []Example{
		{Layer: SigmoidCrossEntropy{}, Inputs: []tensor.Shape{{4, 5}, {4, 5}}, Draw: drawTargets},
		{Layer: SigmoidCrossEntropy{Labels{true, 1}, ByOuter}, Inputs: []tensor.Shape{{4, 5}, {4, 5}}, Draw: drawTargets},
	}},
	{"Softmax", []Example{
		{Layer: Softmax{Axis: 1}, Inputs: []tensor.Shape{{2, 6, 3}}},
	}},
	{"SoftmaxCrossEntropy", []Example{
		{Layer: SoftmaxCrossEntropy{Axis: 1}, Inputs: []tensor.Shape{{2, 4, 3, 5}, {2, 3, 5}}, Draw: drawLabels(4)},
		{Layer: SoftmaxCrossEntropy{2, Labels{true, 1}, ByAll}, Inputs: []tensor.Shape{{3, 2, 5}, {3, 2}}, Draw: drawLabels(5)},
	}},
}

var exampleWindow = Window{
	Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: [2]int{1, 1},
	Padding: Padding{Top: 1, Left: 0, Bottom: 2, Right: 1},
}
