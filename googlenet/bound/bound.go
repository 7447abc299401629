// Package bound derives, element by element, how far a result computed in floating point can be from the same
// operation in exact arithmetic.
//
// With unit roundoff u, gamma_n = n u / (1 - n u) bounds the relative error of n roundings (Higham, Accuracy and
// Stability of Numerical Algorithms, 2nd ed., lemma 3.1). A rule takes the inputs in float64, the bound e of
// each input's own error, and the producer's arithmetic, and returns the bound of the outputs' error. It holds
// for any order of summation, with or without fused multiply-add, unless the producer's algorithm is
// known to be worse: then the rule is that algorithm's.
package bound

import (
	"fmt"
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Call is one execution of a layer whose result is to be bounded.
type Call struct {
	Layer           layer.Layer
	In, Params, Out []*tensor.Tensor[float64] // as replayed in float64
	// Err bounds, element by element, how far the producer's inputs are from In; nil entries are exact.
	Err []*tensor.Tensor[float64]
	// ParamErr bounds the same of Params; nil for exact ones.
	ParamErr []*tensor.Tensor[float64]
	Producer Producer
	Workers  int
}

// Rule returns the bound for every output; a nil entry means that the outputs are exact.
type Rule func(c *Call) []*tensor.Tensor[float64]

// Rules holds one rule for every kind of layer.
var Rules = map[string]Rule{
	"Abs":                       passed,
	"Accuracy":                  accuracy,
	"AddAlong":                  addAlong,
	"ArgExtreme":                argExtreme,
	"ArgMax":                    argMax,
	"AveragePool":               averagePool,
	"AveragePoolND":             averagePoolND,
	"BatchNorm":                 batchNorm,
	"BatchReindex":              batchReindex,
	"BatchToSpace":              moved,
	"Bias":                      bias,
	"Binary":                    binary,
	"Broadcast":                 moved,
	"Cast":                      cast,
	"Clip":                      clip,
	"Concat":                    moved,
	"Constant":                  constantTensor,
	"ContrastiveLoss":           contrastiveLoss,
	"Convolution":               convolution,
	"ConvolutionBy":             convolutionBy,
	"ConvolutionND":             convolutionND,
	"Crop":                      crop,
	"CropAndResize":             cropAndResize,
	"Cumulative":                cumulative,
	"Deconvolution":             deconvolution,
	"DeconvolutionBy":           deconvolutionBy,
	"DeconvolutionND":           deconvolutionND,
	"DepthToSpace":              moved,
	"Dilation":                  dilation,
	"Dropout":                   dropout,
	"Eltwise":                   eltwise,
	"Einsum":                    einsum,
	"ELU":                       elu,
	"Embed":                     embed,
	"EuclideanLoss":             euclideanLoss,
	"Exp":                       exp,
	"Filter":                    filter,
	"FusedBatchNorm":            fusedBatchNorm,
	"Gather":                    gather,
	"GatherElements":            gatherElements,
	"GatherND":                  gatherND,
	"HardSwish":                 hardSwish,
	"HingeLoss":                 hingeLoss,
	"Identity":                  moved,
	"Im2col":                    moved,
	"InfogainLoss":              infogainLoss,
	"Interpolate":               separable,
	"InnerProduct":              innerProduct,
	"L2Normalize":               l2Normalize,
	"Log":                       log,
	"LogSoftmax":                logSoftmax,
	"LogSumExp":                 logSumExp,
	"LRN":                       lrn,
	"LSTM":                      lstm,
	"MatMul":                    matMul,
	"MaxPool":                   maxPool,
	"MaxPoolND":                 maxPoolND,
	"MirrorPad":                 moved,
	"Moments":                   momentsOf,
	"MultinomialLogisticLoss":   multinomialLogisticLoss,
	"MVN":                       mvn,
	"NegativeLogLikelihood":     negativeLogLikelihood,
	"Nonzero":                   nonzero,
	"OneHot":                    oneHot,
	"Pad":                       pad,
	"Permute":                   moved,
	"Power":                     power,
	"PReLU":                     prelu,
	"Reduce":                    reduce,
	"Reduction":                 reduction,
	"ReLU":                      relu,
	"Resample":                  separable,
	"Reshape":                   moved,
	"Resize":                    separable,
	"ReverseSequence":           reverseSequence,
	"RNN":                       rnn,
	"RunningAverage":            runningAverage,
	"Scale":                     scale,
	"ScaleAlong":                scaleAlong,
	"ScatterND":                 scatterND,
	"Select":                    selected,
	"SemiHard":                  semiHard,
	"Shape":                     shapeOnly,
	"Sigmoid":                   sigmoid,
	"SigmoidCrossEntropy":       sigmoidCrossEntropy,
	"Slice":                     moved,
	"Softmax":                   softmax,
	"SoftmaxCrossEntropy":       softmaxCrossEntropy,
	"SoftmaxCrossEntropyDense":  softmaxCrossEntropyDense,
	"SoftmaxCrossEntropySparse": softmaxCrossEntropySparse,
	"Softplus":                  softplus,
	"SpaceToBatch":              moved,
	"SpaceToDepth":              moved,
	"SpatialLRN":                spatialLRN,
	"Stack":                     moved,
	"StochasticPool":            stochasticPool,
	"StridedSlice":              moved,
	"Swish":                     swish,
	"Tanh":                      tanh,
	"Threshold":                 threshold,
	"Tile":                      moved,
	"TopK":                      topK,
	"Unary":                     unary,
	"Undilated":                 undilated,
	"Unstack":                   moved,
}

// Of returns the bound for every output of the call; nil entries are exact. An operation without a rule is an error:
// a bound is derived or it does not exist.
func Of(c *Call) ([]*tensor.Tensor[float64], error) {
	rule := Rules[c.Layer.Kind()]
	if rule == nil {
		return nil, fmt.Errorf("there is no rounding bound for %s", c.Layer.Kind())
	}
	given, p := *c, c.Producer.at(c.Layer)
	given.Err = p.allFlushed(c.In, c.Err)
	var b []*tensor.Tensor[float64]
	if p.Math.Reduced() {
		var err error
		if b, err = given.reduced(rule); err != nil {
			return nil, err
		}
	} else {
		b = rule(&given)
	}
	for i, t := range b {
		b[i] = p.flushed(c.Out[i], t)
		p.overflow(c.Out[i], b[i])
		unknown(b[i])
	}
	return b, nil
}

// unknown takes a bound that is no number, as infinity times zero, for infinite.
func unknown(bound *tensor.Tensor[float64]) {
	if bound == nil {
		return
	}
	for i, v := range bound.Data {
		if math.IsNaN(v) {
			bound.Data[i] = math.Inf(1)
		}
	}
}

func (c *Call) gamma(n int) float64 { return c.Producer.gamma(n) }

// Gamma is n u / (1 - n u), infinite from n u = 1 on.
func Gamma(n int, u float64) float64 {
	nu := float64(n) * u
	if nu >= 1 {
		return math.Inf(1)
	}
	return nu / (1 - nu)
}

// one wraps the bound of a single output.
func one(t *tensor.Tensor[float64]) []*tensor.Tensor[float64] { return []*tensor.Tensor[float64]{t} }

// paramError returns the bound of a parameter's error, nil for an exact one.
func (c *Call) paramError(i int) *tensor.Tensor[float64] {
	if c.ParamErr == nil {
		return nil
	}
	return c.ParamErr[i]
}

// inputError returns e of the i-th input, reading nil as zero.
func (c *Call) inputError(i int) func(at int) float64 {
	if c.Err[i] == nil {
		return func(int) float64 { return 0 }
	}
	data := c.Err[i].Data
	return func(at int) float64 { return data[at] }
}
