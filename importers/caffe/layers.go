package caffe

import "parity/googlenet/layer"

// lowering is the row of one layer type.
type lowering struct {
	// lower returns the layers, usually one, that do in sequence what Caffe's layer does, or none for settings that
	// cannot be computed here.
	lower func(*step) ([]layer.Layer, error)
	// bottoms and tops are the least and the most that Caffe accepts.
	bottoms, tops [2]int
	// inPlace says that Caffe computes right when the top is the bottom.
	inPlace bool
}

const many = 1 << 30

// lowerings are the layer types that can be computed. One that is not among them becomes a layer.Unknown.
// A new type is a row here and a function in a file of its own.
var lowerings = map[string]lowering{
	"Accuracy":                {lowerAccuracy, [2]int{2, 2}, [2]int{1, 2}, false},
	"ArgMax":                  {lowerArgMax, [2]int{1, 1}, [2]int{1, 1}, false},
	"Concat":                  {lowerConcat, [2]int{1, many}, [2]int{1, 1}, false},
	"ContrastiveLoss":         {lowerContrastiveLoss, [2]int{3, 3}, [2]int{0, 1}, false},
	"Convolution":             {lowerConvolution, [2]int{1, many}, [2]int{1, many}, false},
	"Dropout":                 {lowerDropout, [2]int{1, 1}, [2]int{1, 1}, true},
	"EuclideanLoss":           {lowerEuclideanLoss, [2]int{2, 2}, [2]int{0, 1}, false},
	"Flatten":                 {lowerFlatten, [2]int{1, 1}, [2]int{1, 1}, false},
	"HingeLoss":               {lowerHingeLoss, [2]int{2, 2}, [2]int{0, 1}, false},
	"InfogainLoss":            {lowerInfogainLoss, [2]int{2, 3}, [2]int{0, 2}, false},
	"InnerProduct":            {lowerInnerProduct, [2]int{1, 1}, [2]int{1, 1}, false},
	"LRN":                     {lowerLRN, [2]int{1, 1}, [2]int{1, 1}, false},
	"MultinomialLogisticLoss": {lowerMultinomialLogisticLoss, [2]int{2, 2}, [2]int{0, 1}, false},
	"Pooling":                 {lowerPooling, [2]int{1, 1}, [2]int{1, 2}, false},
	"ReLU":                    {lowerReLU, [2]int{1, 1}, [2]int{1, 1}, true},
	"Reshape":                 {lowerReshape, [2]int{1, 1}, [2]int{1, 1}, false},
	"SigmoidCrossEntropyLoss": {lowerSigmoidCrossEntropyLoss, [2]int{2, 2}, [2]int{0, 1}, false},
	"Softmax":                 {lowerSoftmax, [2]int{1, 1}, [2]int{1, 1}, true},
	"SoftmaxWithLoss":         {lowerSoftmaxWithLoss, [2]int{2, 2}, [2]int{0, 2}, false},
}

// sinks are layers that only consume: they write a file or nothing.
var sinks = map[string]bool{"Silence": true, "HDF5Output": true}

// layerTypes are the types of BVLC Caffe that have no row above, to tell a typing error from a type of a fork.
var layerTypes = []string{
	"AbsVal", "BNLL", "BatchNorm", "BatchReindex", "Bias", "Clip", "Crop", "Deconvolution",
	"ELU", "Eltwise", "Embed", "Exp", "Filter", "Im2col", "LSTM", "Log", "MVN",
	"PReLU", "Parameter", "Power", "Python", "RNN", "Reduction", "SPP", "Scale", "Sigmoid",
	"Slice", "Split", "Swish", "TanH", "Threshold", "Tile",
}
