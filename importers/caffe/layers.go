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
	"AbsVal":                  {lowerAbsVal, [2]int{1, 1}, [2]int{1, 1}, false},
	"Accuracy":                {lowerAccuracy, [2]int{2, 2}, [2]int{1, 2}, false},
	"ArgMax":                  {lowerArgMax, [2]int{1, 1}, [2]int{1, 1}, false},
	"BatchNorm":               {lowerBatchNorm, [2]int{1, 1}, [2]int{1, 1}, true},
	"BatchReindex":            {lowerBatchReindex, [2]int{2, 2}, [2]int{1, 1}, false},
	"Bias":                    {lowerBias, [2]int{1, 2}, [2]int{1, 1}, true},
	"BNLL":                    {lowerBNLL, [2]int{1, 1}, [2]int{1, 1}, true},
	"Clip":                    {lowerClip, [2]int{1, 1}, [2]int{1, 1}, true},
	"Concat":                  {lowerConcat, [2]int{1, many}, [2]int{1, 1}, false},
	"ContrastiveLoss":         {lowerContrastiveLoss, [2]int{3, 3}, [2]int{0, 1}, false},
	"Convolution":             {lowerConvolution, [2]int{1, many}, [2]int{1, many}, false},
	"Crop":                    {lowerCrop, [2]int{2, 2}, [2]int{1, 1}, false},
	"Deconvolution":           {lowerDeconvolution, [2]int{1, many}, [2]int{1, many}, false},
	"Dropout":                 {lowerDropout, [2]int{1, 1}, [2]int{1, 1}, true},
	"Eltwise":                 {lowerEltwise, [2]int{2, many}, [2]int{1, 1}, true},
	"ELU":                     {lowerELU, [2]int{1, 1}, [2]int{1, 1}, true},
	"Embed":                   {lowerEmbed, [2]int{1, 1}, [2]int{1, 1}, false},
	"EuclideanLoss":           {lowerEuclideanLoss, [2]int{2, 2}, [2]int{0, 1}, false},
	"Exp":                     {lowerExp, [2]int{1, 1}, [2]int{1, 1}, true},
	"Filter":                  {lowerFilter, [2]int{2, many}, [2]int{1, many}, false},
	"Flatten":                 {lowerFlatten, [2]int{1, 1}, [2]int{1, 1}, false},
	"HingeLoss":               {lowerHingeLoss, [2]int{2, 2}, [2]int{0, 1}, false},
	"Im2col":                  {lowerIm2col, [2]int{1, 1}, [2]int{1, 1}, false},
	"InfogainLoss":            {lowerInfogainLoss, [2]int{2, 3}, [2]int{0, 2}, false},
	"InnerProduct":            {lowerInnerProduct, [2]int{1, 1}, [2]int{1, 1}, false},
	"Log":                     {lowerLog, [2]int{1, 1}, [2]int{1, 1}, true},
	"LRN":                     {lowerLRN, [2]int{1, 1}, [2]int{1, 1}, false},
	"LSTM":                    {lowerLSTM, [2]int{2, 5}, [2]int{1, 3}, false},
	"MultinomialLogisticLoss": {lowerMultinomialLogisticLoss, [2]int{2, 2}, [2]int{0, 1}, false},
	"MVN":                     {lowerMVN, [2]int{1, 1}, [2]int{1, 1}, true},
	"Pooling":                 {lowerPooling, [2]int{1, 1}, [2]int{1, 2}, false},
	"Power":                   {lowerPower, [2]int{1, 1}, [2]int{1, 1}, true},
	"PReLU":                   {lowerPReLU, [2]int{1, 1}, [2]int{1, 1}, true},
	"Reduction":               {lowerReduction, [2]int{1, 1}, [2]int{1, 1}, false},
	"ReLU":                    {lowerReLU, [2]int{1, 1}, [2]int{1, 1}, true},
	"Reshape":                 {lowerReshape, [2]int{1, 1}, [2]int{1, 1}, false},
	"RNN":                     {lowerRNN, [2]int{2, 4}, [2]int{1, 2}, false},
	"Scale":                   {lowerScale, [2]int{1, 2}, [2]int{1, 1}, true},
	"Sigmoid":                 {lowerSigmoid, [2]int{1, 1}, [2]int{1, 1}, true},
	"SigmoidCrossEntropyLoss": {lowerSigmoidCrossEntropyLoss, [2]int{2, 2}, [2]int{0, 1}, false},
	"Slice":                   {lowerSlice, [2]int{1, 1}, [2]int{1, many}, false},
	"Softmax":                 {lowerSoftmax, [2]int{1, 1}, [2]int{1, 1}, true},
	"SoftmaxWithLoss":         {lowerSoftmaxWithLoss, [2]int{2, 2}, [2]int{0, 2}, false},
	"SPP":                     {lowerSPP, [2]int{1, 1}, [2]int{1, 1}, false},
	"Swish":                   {lowerSwish, [2]int{1, 1}, [2]int{1, 1}, true},
	"TanH":                    {lowerTanH, [2]int{1, 1}, [2]int{1, 1}, true},
	"Threshold":               {lowerThreshold, [2]int{1, 1}, [2]int{1, 1}, true},
	"Tile":                    {lowerTile, [2]int{1, 1}, [2]int{1, 1}, false},
}

// sinks are layers that only consume, with how many bottoms Caffe accepts: they write a file or nothing.
var sinks = map[string][2]int{"Silence": {1, many}, "HDF5Output": {2, 2}}

// layerTypes are the types of BVLC Caffe that have no row above, to tell a typing error from a type of a fork.
var layerTypes = []string{
	"Parameter", "Python", "Split",
}
