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
	// DrawParams does the same to parameters, such as variances.
	DrawParams func(r *rand.Rand, params []*tensor.Tensor[float64])
	// Silent says that the outputs after the first pass no gradient on, or not all of it.
	Silent bool
}

// Kinds lists every operation that can be computed.
var Kinds = []Kind{
	{"Abs", []Example{
		{Layer: Abs{}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Accuracy", []Example{
		{Layer: Accuracy{Axis: 2, TopK: 2, Labels: Labels{true, 1}, PerClass: true}, Inputs: []tensor.Shape{{2, 3, 5, 4}, {2, 3, 4}}, Draw: drawLabels(5)},
	}},
	{"AddAlong", []Example{
		{Layer: AddAlong{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {3, 4}}},
		{Layer: AddAlong{Axis: 0}, Inputs: []tensor.Shape{{2, 3, 4}, {}}},
	}},
	{"ArgExtreme", []Example{
		{Layer: ArgExtreme{Axis: 1}, Inputs: []tensor.Shape{{2, 5, 3}}},
		{Layer: ArgExtreme{Axis: 2, Least: true, Last: true}, Inputs: []tensor.Shape{{2, 3, 5}}},
	}},
	{"ArgMax", []Example{
		{Layer: ArgMax{Axis: 1, TopK: 2}, Inputs: []tensor.Shape{{2, 5, 3}}},
		{Layer: ArgMax{TopK: 3, Flat: true, Values: true}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"AveragePool", []Example{
		{Layer: AveragePool{Pool{Window: exampleWindow, Ceil: true, Clip: true}, PaddedCells}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
		{Layer: AveragePool{Pool{Window: dilatedWindow, Ceil: true, Clip: true}, PaddedCells}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
	}},
	{"AveragePoolND", []Example{
		{Layer: AveragePoolND{PoolND{WindowND: exampleWindowND, Axis: 1}, ValidCells}, Inputs: []tensor.Shape{{2, 3, 4, 5, 7}}},
		{Layer: AveragePoolND{PoolND{exampleWindowND, 2, []int{1, 0, 0}}, PaddedCells}, Inputs: []tensor.Shape{{2, 1, 3, 4, 6, 5}}},
	}},
	{"BatchNorm", []Example{
		{Layer: BatchNorm{Epsilon: 1e-2}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, DrawParams: drawStatistics},
		{Layer: BatchNorm{Epsilon: 1e-2, Batch: true, Momentum: 0.9}, Inputs: []tensor.Shape{{4, 3, 2, 5}}, DrawParams: drawStatistics},
		{Layer: BatchNorm{Epsilon: 1e-2, Batch: true, Momentum: 0.9}, Inputs: []tensor.Shape{{7, 3}}, DrawParams: drawStatistics},
	}},
	{"BatchReindex", []Example{
		{Layer: BatchReindex{}, Inputs: []tensor.Shape{{4, 3, 2}, {5}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 4) }},
	}},
	{"BatchToSpace", []Example{
		{Layer: BatchToSpace{1, []int{2, 3}, []int{1, 0}, []int{0, 2}}, Inputs: []tensor.Shape{{6, 3, 4, 5}}},
		{Layer: BatchToSpace{2, []int{2}, []int{0}, []int{1}}, Inputs: []tensor.Shape{{4, 3, 5, 2}}},
	}},
	{"Bias", []Example{
		{Layer: Bias{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: Bias{Axis: 2, More: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: Bias{Axis: 0, More: -1}, Inputs: []tensor.Shape{{2, 3, 4}}},
	}},
	{"Binary", binaryExamples()},
	{"Broadcast", []Example{
		{Layer: Broadcast{Shape: tensor.Shape{2, 3, 4, 5}}, Inputs: []tensor.Shape{{3, 1, 5}}},
		{Layer: Broadcast{Shape: tensor.Shape{3, 4}}, Inputs: []tensor.Shape{{}}},
	}},
	{"Cast", []Example{
		{Layer: Cast{To: Float32, From: Float64}, Inputs: []tensor.Shape{{2, 3, 4}}},
		{Layer: Cast{To: Int32, From: Float32}, Inputs: []tensor.Shape{{2, 3, 4}}, Draw: between(0, -9, 9)},
		{Layer: Cast{To: Uint8, From: Int32}, Inputs: []tensor.Shape{{2, 3, 4}}, Draw: between(0, 0, 200)},
		{Layer: Cast{To: Bool, From: Float32}, Inputs: []tensor.Shape{{2, 3, 4}}, Draw: drawTernary},
	}},
	{"Clip", []Example{
		{Layer: Clip{Min: -0.4, Max: 0.7, Strict: true}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Concat", []Example{
		{Layer: Concat{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {2, 6, 4, 5}}},
	}},
	{"Constant", []Example{
		{Layer: Constant{Shape: tensor.Shape{2, 3, 4}}},
	}},
	{"ContrastiveLoss", []Example{
		{Layer: ContrastiveLoss{Margin: 2.5}, Inputs: []tensor.Shape{{7, 3}, {7, 3}, {7}}, Draw: drawSimilar},
		{Layer: ContrastiveLoss{Margin: 1.5, SquaredDistance: true}, Inputs: []tensor.Shape{{7, 3}, {7, 3}, {7}}, Draw: drawSimilar},
	}},
	{"Convolution", []Example{
		{Layer: Convolution{exampleWindow, 6, 2, true}, Inputs: []tensor.Shape{{3, 4, 7, 8}}},
	}},
	{"ConvolutionBy", []Example{
		{Layer: ConvolutionBy{Convolution{exampleWindow, 6, 2, false}}, Inputs: []tensor.Shape{{3, 4, 7, 8}, {6, 2, 3, 2}}},
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
	{"CropAndResize", []Example{
		{Layer: CropAndResize{Size: [2]int{4, 6}, Outside: 0.75}, Inputs: []tensor.Shape{{2, 3, 5, 7}, {6, 4}, {6}}, Draw: drawBoxes},
		{Layer: CropAndResize{Size: [2]int{1, 8}, Outside: -1, Nearest: true}, Inputs: []tensor.Shape{{2, 3, 5, 7}, {6, 4}, {6}}, Draw: drawBoxes},
	}},
	{"Cumulative", []Example{
		{Layer: Cumulative{Axis: 1}, Inputs: []tensor.Shape{{2, 5, 3}}},
		{Layer: Cumulative{Axis: 2, Exclusive: true, Reverse: true}, Inputs: []tensor.Shape{{2, 3, 5}}},
		{Layer: Cumulative{Axis: 1, Product: true}, Inputs: []tensor.Shape{{2, 5, 3}}, Draw: drawFactors},
		{Layer: Cumulative{Axis: 0, Product: true, Exclusive: true, Reverse: true}, Inputs: []tensor.Shape{{5, 3}}, Draw: drawFactors},
	}},
	{"Deconvolution", []Example{
		{Layer: Deconvolution{exampleWindow, [2]int{1, 2}, 6, 2, true}, Inputs: []tensor.Shape{{3, 4, 5, 7}}},
		{Layer: Deconvolution{Window{[2]int{2, 5}, [2]int{3, 2}, [2]int{1, 2}, Padding{Mode: SameUpper}}, [2]int{}, 5, 1, false}, Inputs: []tensor.Shape{{2, 3, 4, 6}}},
	}},
	{"DeconvolutionBy", []Example{
		{Layer: DeconvolutionBy{Deconvolution{exampleWindow, [2]int{1, 2}, 6, 2, false}}, Inputs: []tensor.Shape{{3, 4, 5, 7}, {4, 3, 3, 2}}},
	}},
	{"DeconvolutionND", []Example{
		{Layer: DeconvolutionND{exampleWindowND, []int{0, 1, 2}, 2, 6, 2, true}, Inputs: []tensor.Shape{{2, 1, 4, 5, 2, 3}}},
		{Layer: DeconvolutionND{WindowND{[]int{3}, []int{2}, []int{1}, []int{1}, []int{0}}, nil, 1, 5, 1, false}, Inputs: []tensor.Shape{{2, 3, 9}}},
	}},
	{"DepthToSpace", []Example{
		{Layer: DepthToSpace{2}, Inputs: []tensor.Shape{{2, 12, 3, 5}}},
	}},
	{"Dilation", []Example{
		{Layer: Dilation{exampleWindow}, Inputs: []tensor.Shape{{2, 3, 7, 8}, {3, 3, 2}}},
		{Layer: Dilation{dilatedWindow}, Inputs: []tensor.Shape{{2, 3, 7, 8}, {3, 3, 2}}},
	}},
	{"Dropout", []Example{
		{Layer: Dropout{Ratio: 0.4}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: Dropout{Ratio: 0.3, Active: true}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {2, 3, 4, 5}}, Draw: drawMask},
		{Layer: Dropout{Ratio: 0.3, Active: true, Uniform: true, Scale: 1.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {2, 3, 4, 5}}},
	}},
	{"Eltwise", []Example{
		{Layer: Eltwise{Coefficients: []float64{0.5, -1, 3}}, Inputs: []tensor.Shape{{2, 3, 5}, {2, 3, 5}, {2, 3, 5}}},
		{Layer: Eltwise{Combination: EltwiseProduct}, Inputs: []tensor.Shape{{2, 3, 5}, {2, 3, 5}, {2, 3, 5}}},
		{Layer: Eltwise{Combination: EltwiseProduct, Quotient: true}, Inputs: []tensor.Shape{{2, 3, 5}, {2, 3, 5}}},
		{Layer: Eltwise{Combination: EltwiseMaximum}, Inputs: []tensor.Shape{{2, 3, 5}, {2, 3, 5}, {2, 3, 5}}},
	}},
	{"Einsum", []Example{
		{Layer: Einsum{Terms: [][]int{{0, 1, 2}, {0, 2, 3}}, Output: []int{3, 0, 1}}, Inputs: []tensor.Shape{{2, 3, 4}, {2, 4, 5}}},
		{Layer: Einsum{Terms: [][]int{{0, 1, 0}}, Output: []int{1, 0}}, Inputs: []tensor.Shape{{4, 3, 4}}},
		{Layer: Einsum{Terms: [][]int{{0, 1}, {1, 2}, {0, 2, 3}}, Output: []int{3}}, Inputs: []tensor.Shape{{2, 3}, {3, 1}, {2, 5, 4}}},
	}},
	{"ELU", []Example{
		{Layer: ELU{Alpha: 0.6}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Embed", []Example{
		{Layer: Embed{6, 4, true}, Inputs: []tensor.Shape{{3, 5}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[0], 6) }},
	}},
	{"EuclideanLoss", []Example{
		{Layer: EuclideanLoss{}, Inputs: []tensor.Shape{{2, 3, 4}, {2, 12}}},
	}},
	{"Exp", []Example{
		{Layer: Exp{Base: math.E, Scale: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawModerate},
		{Layer: Exp{Base: 2, Scale: 0.5, Shift: 1.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawModerate},
	}},
	{"Filter", []Example{
		{Layer: Filter{}, Inputs: []tensor.Shape{{6, 3, 2}, {6, 4}, {6, 1}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[2], 2) }},
	}},
	{"FusedBatchNorm", []Example{
		{Layer: FusedBatchNorm{Axis: 1, Epsilon: 1e-2}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, DrawParams: drawAffine},
		{Layer: FusedBatchNorm{Axis: 1, Epsilon: 1e-2, Batch: true, Factor: 1}, Inputs: []tensor.Shape{{4, 3, 2, 5}}, Silent: true},
		{Layer: FusedBatchNorm{Axis: 2, Epsilon: 1e-2, Batch: true, Factor: 0.25, Fed: true}, Inputs: []tensor.Shape{{5, 4, 3}, {3}, {3}, {3}, {3}}, Silent: true},
		{Layer: FusedBatchNorm{Axis: 1, Epsilon: 1e-2, Batch: true, Factor: 1, Plain: true}, Inputs: []tensor.Shape{{4, 3, 2, 5}}},
		{Layer: FusedBatchNorm{Axis: 1, Epsilon: 1e-2, Fed: true}, Inputs: []tensor.Shape{{7, 3}, {3}, {3}, {3}, {3}}, Draw: drawVariance, Silent: true},
	}},
	{"Gather", []Example{
		{Layer: Gather{Axis: 1}, Inputs: []tensor.Shape{{4, 5, 3}, {2, 6}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 5) }},
		{Layer: Gather{2, 1}, Inputs: []tensor.Shape{{3, 2, 4, 5}, {3, 6}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 4) }},
	}},
	{"GatherElements", []Example{
		{Layer: GatherElements{Axis: 1}, Inputs: []tensor.Shape{{4, 5, 3}, {2, 6, 3}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 5) }},
	}},
	{"GatherND", []Example{
		{Layer: GatherND{}, Inputs: []tensor.Shape{{4, 5, 3}, {2, 6, 2}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 4) }},
		{Layer: GatherND{Batch: 1}, Inputs: []tensor.Shape{{3, 5, 4, 2}, {3, 6, 2}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 4) }},
	}},
	{"HardSwish", []Example{
		{Layer: HardSwish{Slope: 0.4, Shift: 0.3, Limit: 0.6}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"HingeLoss", []Example{
		{Layer: HingeLoss{}, Inputs: []tensor.Shape{{4, 5}, {4}}, Draw: drawLabels(5)},
		{Layer: HingeLoss{Squared: true}, Inputs: []tensor.Shape{{4, 3, 2}, {4, 1}}, Draw: drawLabels(6)},
	}},
	{"Identity", []Example{
		{Layer: Identity{}, Inputs: []tensor.Shape{{2, 3}}},
	}},
	{"Im2col", []Example{
		{Layer: Im2col{exampleWindowND, 2}, Inputs: []tensor.Shape{{2, 3, 4, 5, 6, 7}}},
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
	{"Interpolate", []Example{
		{Layer: Interpolate{Size: [2]int{7, 5}, Scale: [2]float64{1.8, 0.75}, Transform: Asymmetric, Nearest: NearestAfter}, Inputs: []tensor.Shape{{2, 3, 4, 6}}},
		{Layer: Interpolate{Size: [2]int{7, 5}, Filter: ResizeLinear, Transform: CropToRegion, Region: [2][2]float64{{0.2, 0.9}, {-0.1, 0.7}}}, Inputs: []tensor.Shape{{2, 3, 4, 6}}},
		{Layer: Interpolate{Size: [2]int{7, 5}, Filter: ResizeCubic, Transform: HalfPixel, A: -0.6, Inside: true}, Inputs: []tensor.Shape{{2, 3, 4, 6}}},
	}},
	{"L2Normalize", []Example{
		{Layer: L2Normalize{Axes: []int{1}, Epsilon: 0.7}, Inputs: []tensor.Shape{{4, 3, 2, 5}}},
		{Layer: L2Normalize{Axes: []int{0, 2}, Epsilon: 1e-6}, Inputs: []tensor.Shape{{2, 3, 5}}},
	}},
	{"Log", []Example{
		{Layer: Log{Base: math.E, Scale: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Log{Base: 10, Scale: 0.5, Shift: 1.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
	}},
	{"LogSoftmax", []Example{
		{Layer: LogSoftmax{Axis: 1}, Inputs: []tensor.Shape{{2, 6, 3}}},
	}},
	{"LogSumExp", []Example{
		{Layer: LogSumExp{Axis: 1, One: true}, Inputs: []tensor.Shape{{2, 6, 3}, {2, 6, 3}}, Draw: drawMarks},
		{Layer: LogSumExp{Axis: 0}, Inputs: []tensor.Shape{{7, 4}, {7, 4}}, Draw: drawMarks},
	}},
	{"LRN", []Example{
		{Layer: LRN{Size: 5, Alpha: 0.3, Beta: 0.6, K: 1.5}, Inputs: []tensor.Shape{{2, 7, 3, 4}}},
		{Layer: LRN{Size: 4, Alpha: 0.3, Beta: 0.6, K: 1.5}, Inputs: []tensor.Shape{{2, 7, 3, 4}}},
	}},
	{"LSTM", []Example{
		{Layer: LSTM{Recurrence{5, true, true, false}}, Inputs: []tensor.Shape{{4, 2, 3}, {4, 2}, {2, 6}, {1, 2, 5}, {1, 2, 5}}, Draw: continuations},
		{Layer: LSTM{Recurrence{5, false, false, true}}, Inputs: []tensor.Shape{{6, 2, 3, 4}, {6, 2}}, Draw: continuations},
	}},
	{"MatMul", []Example{
		{Layer: MatMul{}, Inputs: []tensor.Shape{{3, 4}, {4, 5}}},
		{Layer: MatMul{TransposeA: true}, Inputs: []tensor.Shape{{3, 1, 5, 4}, {2, 5, 6}}},
		{Layer: MatMul{TransposeB: true}, Inputs: []tensor.Shape{{2, 4, 5}, {6, 5}}},
		{Layer: MatMul{TransposeA: true, TransposeB: true}, Inputs: []tensor.Shape{{2, 5, 4}, {2, 6, 5}}},
	}},
	{"MaxPool", []Example{
		{Layer: MaxPool{Pool{Window: exampleWindow, Ceil: true, Clip: true}, true, InTensor, true}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
		{Layer: MaxPool{Pool{Window: dilatedWindow, Ceil: true, Clip: true}, true, InTensorByColumn, false}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
		{Layer: MaxPool{Pool{Window: exampleWindow}, true, InImageByChannel, false}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
		{Layer: MaxPool{Pool{Window: exampleWindow}, true, InTensorByChannel, false}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
	}},
	{"MaxPoolND", []Example{
		{Layer: MaxPoolND{PoolND{WindowND: exampleWindowND, Axis: 1}}, Inputs: []tensor.Shape{{2, 3, 4, 5, 7}}},
		{Layer: MaxPoolND{PoolND{exampleWindowND, 2, []int{1, 0, 0}}}, Inputs: []tensor.Shape{{2, 1, 3, 4, 6, 5}}},
	}},
	{"MirrorPad", []Example{
		{Layer: MirrorPad{Before: []int{0, 2, 1}, After: []int{1, 1, 3}}, Inputs: []tensor.Shape{{2, 3, 4}}},
		{Layer: MirrorPad{Before: []int{0, 3, 1}, After: []int{2, 1, 4}, Edge: true}, Inputs: []tensor.Shape{{2, 3, 4}}},
	}},
	{"Moments", []Example{
		{Layer: Moments{Axes: []int{0, 2}, Keep: true}, Inputs: []tensor.Shape{{4, 3, 5}}},
		{Layer: Moments{Axes: []int{1}}, Inputs: []tensor.Shape{{3, 7, 2}}},
	}},
	{"MultinomialLogisticLoss", []Example{
		{Layer: MultinomialLogisticLoss{}, Inputs: []tensor.Shape{{5, 4}, {5}}, Draw: drawProbabilities},
	}},
	{"MVN", []Example{
		{Layer: MVN{Axis: 2}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: MVN{Axis: 2, Variance: true, Epsilon: 1e-7}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: MVN{Axis: 1, Variance: true, Epsilon: 1e-7}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: MVN{Axis: 2, Variance: true, Epsilon: 1e-2, Inside: true}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"NegativeLogLikelihood", []Example{
		{Layer: NegativeLogLikelihood{Axis: 1, Weighted: true}, Inputs: []tensor.Shape{{3, 4, 5, 2}, {3, 5, 2}}, Draw: drawLabels(4), DrawParams: drawWeights},
		{Layer: NegativeLogLikelihood{2, Labels{true, 1}, AverageSum, true}, Inputs: []tensor.Shape{{3, 2, 5}, {3, 2}}, Draw: drawLabels(5)},
		{Layer: NegativeLogLikelihood{1, Labels{true, 2}, AverageNone, true}, Inputs: []tensor.Shape{{3, 5, 2}, {3, 2}}, Draw: drawLabels(5)},
		{Layer: NegativeLogLikelihood{Axis: 1, Labels: Labels{true, 2}}, Inputs: []tensor.Shape{{3, 5, 2}, {3, 2}}, Draw: drawLabels(5)},
	}},
	{"Nonzero", []Example{
		{Layer: Nonzero{}, Inputs: []tensor.Shape{{2, 3, 4}}, Draw: drawTernary},
	}},
	{"OneHot", []Example{
		{Layer: OneHot{1, 5, 0.75, -0.25}, Inputs: []tensor.Shape{{3, 4}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[0], 6) }},
	}},
	{"Pad", []Example{
		{Layer: Pad{Before: []int{0, 1, 2, 0}, After: []int{1, 0, 3, 2}, Value: -0.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Permute", []Example{
		{Layer: Permute{Axes: []int{0, 2, 3, 1}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Power", []Example{
		{Layer: Power{Power: 0, Scale: 1, Shift: 0}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: 1, Scale: 0.7, Shift: -2}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: 2, Scale: -0.5, Shift: 1.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: 3, Scale: 0.7, Shift: 0}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: 0.5, Scale: 2, Shift: 0.25}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
		{Layer: Power{Power: -1.5, Scale: 0.7, Shift: 1.5}, Inputs: []tensor.Shape{{2, 3, 4, 5}}, Draw: drawPositive},
	}},
	{"PReLU", []Example{
		{Layer: PReLU{}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: PReLU{Shared: true}, Inputs: []tensor.Shape{{4, 3}}},
	}},
	{"Reduce", []Example{
		{Layer: Reduce{Reducer: ReduceSum, Axes: []int{2, 0}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: Reduce{Reducer: ReduceMean, Axes: []int{1}, Keep: true}, Inputs: []tensor.Shape{{2, 3, 5}}},
		{Layer: Reduce{Reducer: ReduceMax, Axes: []int{0, 1}}, Inputs: []tensor.Shape{{2, 3, 5}}},
		{Layer: Reduce{Reducer: ReduceMin, Axes: []int{1}}, Inputs: []tensor.Shape{{2, 3, 5}}},
		{Layer: Reduce{Reducer: ReduceProduct, Axes: []int{0, 1}}, Inputs: []tensor.Shape{{2, 3, 5}}, Draw: drawFactors},
		{Layer: Reduce{Reducer: ReduceNorm, Axes: []int{1}}, Inputs: []tensor.Shape{{2, 7, 3}}},
		{Layer: Reduce{Reducer: ReduceAll, Axes: []int{1}}, Inputs: []tensor.Shape{{2, 3, 5}}, Draw: drawTernary},
		{Layer: Reduce{Reducer: ReduceAny, Axes: []int{1}}, Inputs: []tensor.Shape{{2, 3, 5}}, Draw: drawTernary},
		{Layer: Reduce{Reducer: ReduceSum}, Inputs: []tensor.Shape{{2, 3}}},
	}},
	{"Reduction", []Example{
		{Layer: Reduction{Factor: 0.3}, Inputs: []tensor.Shape{{2, 3, 5}}},
		{Layer: Reduction{Statistic: ReductionMagnitudes, Axis: 1, Factor: 0.3}, Inputs: []tensor.Shape{{2, 3, 5}}},
		{Layer: Reduction{Statistic: ReductionSquares, Axis: 2, Factor: -0.3}, Inputs: []tensor.Shape{{2, 3, 5}}},
		{Layer: Reduction{Statistic: ReductionMean, Axis: 1, Factor: 0.3}, Inputs: []tensor.Shape{{2, 3, 5}}},
	}},
	{"ReLU", []Example{
		{Layer: ReLU{Slope: 0.25}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Resample", []Example{
		{Layer: Resample{[2]int{6, 11}, [2]float64{0.75, 1.5}, [2]float64{0.5, -1}, TriangleKernel, true}, Inputs: []tensor.Shape{{2, 3, 9, 7}}},
		{Layer: Resample{[2]int{11, 4}, [2]float64{1.25, 0.625}, [2]float64{-1, 0.25}, KeysKernel, false}, Inputs: []tensor.Shape{{2, 3, 9, 7}}},
		{Layer: Resample{[2]int{4, 10}, [2]float64{0.5, 1.5}, [2]float64{0, 0}, Lanczos3Kernel, true}, Inputs: []tensor.Shape{{2, 3, 9, 7}}},
		{Layer: Resample{[2]int{5, 3}, [2]float64{0.625, 0.5}, [2]float64{0.125, 0}, GaussianKernel, true}, Inputs: []tensor.Shape{{2, 3, 9, 7}}},
	}},
	{"Reshape", []Example{
		{Layer: Reshape{Shape: []int{0, -1}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"Resize", []Example{
		{Layer: Resize{Size: [2]int{9, 4}, Coordinates: FromCorners}, Inputs: []tensor.Shape{{2, 3, 5, 7}}},
		{Layer: Resize{Size: [2]int{11, 5}, Filter: ResizeLinear, Coordinates: FromCentres}, Inputs: []tensor.Shape{{2, 3, 8, 9}}},
		{Layer: Resize{Size: [2]int{4, 13}, Filter: ResizeCubic, A: -0.75, Steps: 1024}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
		{Layer: Resize{Size: [2]int{10, 6}, Filter: ResizeCubic, Coordinates: FromCentres, A: -0.5, Inside: true}, Inputs: []tensor.Shape{{2, 3, 7, 8}}},
		{Layer: Resize{Size: [2]int{4, 11}, Filter: ResizeArea, Coordinates: FromCorners}, Inputs: []tensor.Shape{{2, 3, 9, 7}}},
	}},
	{"ReverseSequence", []Example{
		{Layer: ReverseSequence{Batch: 1, Time: 0}, Inputs: []tensor.Shape{{5, 3, 2}, {3}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 6) }},
		{Layer: ReverseSequence{Batch: 0, Time: 2}, Inputs: []tensor.Shape{{3, 2, 5}, {3}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 6) }},
	}},
	{"RNN", []Example{
		{Layer: RNN{Recurrence{5, true, true, false}}, Inputs: []tensor.Shape{{4, 2, 3}, {4, 2}, {2, 6}, {1, 2, 5}}, Draw: continuations},
		{Layer: RNN{Recurrence{5, false, false, true}}, Inputs: []tensor.Shape{{6, 2, 3, 4}, {6, 2}}, Draw: continuations},
	}},
	{"RunningAverage", []Example{
		{Layer: RunningAverage{Decay: 0.9}, Inputs: []tensor.Shape{{5}}},
	}},
	{"Scale", []Example{
		{Layer: Scale{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: Scale{Axis: 2, More: 1, Bias: true}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: Scale{Axis: 0, More: -1, Bias: true}, Inputs: []tensor.Shape{{2, 3, 4}}},
	}},
	{"ScaleAlong", []Example{
		{Layer: ScaleAlong{Axis: 1}, Inputs: []tensor.Shape{{2, 3, 4, 5}, {3, 4}}},
		{Layer: ScaleAlong{Axis: 0}, Inputs: []tensor.Shape{{2, 3, 4}, {}}},
	}},
	{"ScatterND", []Example{
		{Layer: ScatterND{}, Inputs: []tensor.Shape{{4, 5, 3}, {6, 2}, {6, 3}}, Draw: drawPlaces},
		{Layer: ScatterND{Add: true}, Inputs: []tensor.Shape{{4, 3}, {2, 5, 1}, {2, 5, 3}}, Draw: func(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 4) }},
	}},
	{"Select", []Example{
		{Layer: Select{}, Inputs: []tensor.Shape{{3, 1}, {2, 1, 4}, {3, 4}}, Draw: drawCondition},
	}},
	{"SemiHard", []Example{
		{Layer: SemiHard{}, Inputs: []tensor.Shape{{6, 6}, {6, 6}, {6, 6}}, Draw: drawPairs},
	}},
	{"Shape", []Example{
		{Layer: Shape{[]int{2, 0, 1}}, Inputs: []tensor.Shape{{2, 3, 4}}},
	}},
	{"Sigmoid", []Example{
		{Layer: Sigmoid{}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"SigmoidCrossEntropy", []Example{
		{Layer: SigmoidCrossEntropy{}, Inputs: []tensor.Shape{{4, 5}, {4, 5}}, Draw: drawTargets},
		{Layer: SigmoidCrossEntropy{Labels{true, 1}, ByOuter}, Inputs: []tensor.Shape{{4, 5}, {4, 5}}, Draw: drawTargets},
	}},
	{"Slice", []Example{
		{Layer: Slice{Axis: 2, Points: []int{1, 4}}, Inputs: []tensor.Shape{{2, 3, 6, 5}}},
		{Layer: Slice{Axis: 1, Parts: 3}, Inputs: []tensor.Shape{{2, 6, 5}}},
	}},
	{"Softmax", []Example{
		{Layer: Softmax{Axis: 1}, Inputs: []tensor.Shape{{2, 6, 3}}},
	}},
	{"SoftmaxCrossEntropy", []Example{
		{Layer: SoftmaxCrossEntropy{Axis: 1}, Inputs: []tensor.Shape{{2, 4, 3, 5}, {2, 3, 5}}, Draw: drawLabels(4)},
		{Layer: SoftmaxCrossEntropy{2, Labels{true, 1}, ByAll}, Inputs: []tensor.Shape{{3, 2, 5}, {3, 2}}, Draw: drawLabels(5)},
	}},
	{"SoftmaxCrossEntropyDense", []Example{
		{Layer: SoftmaxCrossEntropyDense{Axis: 1}, Inputs: []tensor.Shape{{2, 6, 3}, {2, 6, 3}}, Draw: drawDistributions, Silent: true},
	}},
	{"SoftmaxCrossEntropySparse", []Example{
		{Layer: SoftmaxCrossEntropySparse{Axis: 1}, Inputs: []tensor.Shape{{5, 4}, {5}}, Draw: drawLabels(4)},
		{Layer: SoftmaxCrossEntropySparse{Axis: 2}, Inputs: []tensor.Shape{{2, 3, 4}, {2, 3}}, Draw: drawLabels(4)},
	}},
	{"Softplus", []Example{
		{Layer: Softplus{}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
	}},
	{"SpaceToBatch", []Example{
		{Layer: SpaceToBatch{1, []int{2, 3}, []int{1, 0}, []int{0, 2}}, Inputs: []tensor.Shape{{2, 3, 4, 5}}},
		{Layer: SpaceToBatch{2, []int{2}, []int{0}, []int{1}}, Inputs: []tensor.Shape{{2, 3, 5, 4}}},
	}},
	{"SpaceToDepth", []Example{
		{Layer: SpaceToDepth{2}, Inputs: []tensor.Shape{{2, 3, 4, 6}}},
	}},
	{"SpatialLRN", []Example{
		{Layer: SpatialLRN{Size: 5, Alpha: 0.3, Beta: 0.6}, Inputs: []tensor.Shape{{2, 3, 7, 4}}},
	}},
	{"Stack", []Example{
		{Layer: Stack{1}, Inputs: []tensor.Shape{{2, 3}, {2, 3}, {2, 3}, {2, 3}}},
	}},
	{"StochasticPool", []Example{
		{Layer: StochasticPool{Pool{Window: exampleWindow, Ceil: true, Clip: true}}, Inputs: []tensor.Shape{{2, 3, 7, 8}}, Draw: drawMagnitudes},
	}},
	{"StridedSlice", []Example{
		{
			Layer: StridedSlice{[]Range{
				{Begin: -2, Stride: -2, BeginOpen: false, EndOpen: true}, {Begin: 1, Drop: true, Stride: 1}, {Begin: -6, End: -1, Stride: 3}, {End: 2, Stride: 1, BeginOpen: true},
			}, []int{1}},
			Inputs: []tensor.Shape{{5, 3, 7, 4}},
		},
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
	{"Tile", []Example{
		{Layer: Tile{Axis: 1, Tiles: 3}, Inputs: []tensor.Shape{{2, 4, 5}}},
	}},
	{"TopK", []Example{
		{Layer: TopK{Axis: 1, K: 3}, Inputs: []tensor.Shape{{2, 5, 3}}, Silent: true},
		{Layer: TopK{Axis: 2, K: 2, Least: true}, Inputs: []tensor.Shape{{2, 3, 5}}, Silent: true},
	}},
	{"Unary", unaryExamples()},
	{"Undilated", []Example{
		{Layer: Undilated{Convolution{exampleWindow, 6, 2, true}}, Inputs: []tensor.Shape{{3, 4, 7, 8}}},
	}},
	{"Unstack", []Example{
		{Layer: Unstack{1, 3}, Inputs: []tensor.Shape{{2, 3, 4}}},
	}},
}

var exampleWindow = Window{
	Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: [2]int{1, 1},
	Padding: Padding{Top: 1, Left: 0, Bottom: 2, Right: 1},
}

// dilatedWindow is a window with gaps, of which those in a row are wider.
var dilatedWindow = Window{
	Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Dilation: [2]int{2, 3},
	Padding: Padding{Top: 1, Left: 2, Bottom: 2, Right: 1},
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

// drawStatistics makes variances, and the factor that they are divided by, positive.
func drawStatistics(_ *rand.Rand, params []*tensor.Tensor[float64]) {
	for _, p := range params[1:] {
		positive(p)
	}
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

// drawPlaces draws places in a 4x5 map, each once.
func drawPlaces(r *rand.Rand, in []*tensor.Tensor[float64]) {
	places := r.Perm(4 * 5)
	for i := range in[1].Data {
		in[1].Data[i] = float64([2]int{places[i/2] / 5, places[i/2] % 5}[i%2])
	}
}

// drawMagnitudes takes the magnitudes of what was drawn.
func drawMagnitudes(_ *rand.Rand, in []*tensor.Tensor[float64]) {
	for _, t := range in {
		for i, v := range t.Data {
			t.Data[i] = math.Abs(v)
		}
	}
}

// continuations makes the second input of a recurrent layer zeros and ones, ones for the most part.
func continuations(r *rand.Rand, in []*tensor.Tensor[float64]) {
	for i := range in[1].Data {
		in[1].Data[i] = float64(min(r.IntN(4), 1))
	}
}
