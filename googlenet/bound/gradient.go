package bound

import (
	"fmt"
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// GradientCall is one backward execution whose results are to be bounded.
type GradientCall struct {
	Layer layer.Layer
	// The forward values, the gradients of the outputs, and the results, as replayed in float64.
	*layer.Gradient[float64]
	// InErr, OutErr and OutGradErr bound, element by element, how far the producer's values are from those; nil entries
	// are exact.
	InErr, OutErr, OutGradErr []*tensor.Tensor[float64]
	Producer                  Producer
}

// GradientBounds are the bounds of a layer's gradients; nil entries are exact.
type GradientBounds struct {
	In, Params []*tensor.Tensor[float64]
	// Undecided counts the elements where a choice (the largest of a window, the side of a kink) lies within the error of
	// flipping, so that the bound admits either outcome.
	Undecided int
}

// GradientRule returns the bounds for the gradients of the inputs and parameters.
type GradientRule func(c *GradientCall) GradientBounds

// GradientRules holds one rule for every kind of layer that has gradients.
var GradientRules = map[string]GradientRule{
	"Abs":                       absGradient,
	"AddAlong":                  addAlongGradient,
	"AveragePool":               averagePoolGradient,
	"AveragePoolND":             averagePoolNDGradient,
	"BatchNorm":                 batchNormGradient,
	"BatchReindex":              batchReindexGradient,
	"BatchToSpace":              movedGradient,
	"Bias":                      biasGradient,
	"Binary":                    binaryGradient,
	"Broadcast":                 broadcastGradient,
	"Cast":                      castGradient,
	"Clip":                      clipGradient,
	"Concat":                    movedGradient,
	"Constant":                  constantGradient,
	"ContrastiveLoss":           contrastiveLossGradient,
	"Convolution":               convolutionGradient,
	"ConvolutionBy":             convolutionByGradient,
	"ConvolutionND":             convolutionNDGradient,
	"Crop":                      movedGradient,
	"CropAndResize":             cropAndResizeGradient,
	"Cumulative":                cumulativeGradient,
	"Deconvolution":             deconvolutionGradient,
	"DeconvolutionBy":           deconvolutionByGradient,
	"DeconvolutionND":           deconvolutionNDGradient,
	"DepthToSpace":              movedGradient,
	"Dilation":                  dilationGradient,
	"Dropout":                   dropoutGradient,
	"Eltwise":                   eltwiseGradient,
	"Einsum":                    einsumGradient,
	"ELU":                       eluGradient,
	"Embed":                     embedGradient,
	"EuclideanLoss":             euclideanLossGradient,
	"Exp":                       expGradient,
	"Filter":                    filterGradient,
	"FusedBatchNorm":            fusedBatchNormGradient,
	"Gather":                    gatherGradient,
	"GatherElements":            gatherElementsGradient,
	"GatherND":                  gatherNDGradient,
	"HardSwish":                 hardSwishGradient,
	"HingeLoss":                 hingeLossGradient,
	"Identity":                  movedGradient,
	"Im2col":                    im2colGradient,
	"InfogainLoss":              infogainLossGradient,
	"Interpolate":               separableGradient,
	"InnerProduct":              innerProductGradient,
	"L2Normalize":               l2NormalizeGradient,
	"Log":                       logGradient,
	"LogSoftmax":                logSoftmaxGradient,
	"LogSumExp":                 logSumExpGradient,
	"LRN":                       lrnGradient,
	"LSTM":                      lstmGradient,
	"MatMul":                    matMulGradient,
	"MaxPool":                   maxPoolGradient,
	"MaxPoolND":                 maxPoolNDGradient,
	"MirrorPad":                 mirrorPadGradient,
	"Moments":                   momentsGradient,
	"MultinomialLogisticLoss":   multinomialLogisticLossGradient,
	"MVN":                       mvnGradient,
	"NegativeLogLikelihood":     negativeLogLikelihoodGradient,
	"Pad":                       movedGradient,
	"Permute":                   movedGradient,
	"Power":                     powerGradient,
	"PReLU":                     preluGradient,
	"Reduce":                    reduceGradient,
	"Reduction":                 reductionGradient,
	"ReLU":                      reluGradient,
	"Resample":                  separableGradient,
	"Reshape":                   movedGradient,
	"Resize":                    separableGradient,
	"ReverseSequence":           reverseSequenceGradient,
	"RNN":                       rnnGradient,
	"RunningAverage":            noGradient,
	"Scale":                     scaleGradient,
	"ScaleAlong":                scaleAlongGradient,
	"ScatterND":                 scatterNDGradient,
	"Select":                    selectGradient,
	"SemiHard":                  semiHardGradient,
	"Sigmoid":                   sigmoidGradient,
	"SigmoidCrossEntropy":       sigmoidCrossEntropyGradient,
	"Slice":                     movedGradient,
	"Softmax":                   softmaxGradient,
	"SoftmaxCrossEntropy":       softmaxCrossEntropyGradient,
	"SoftmaxCrossEntropyDense":  softmaxCrossEntropyDenseGradient,
	"SoftmaxCrossEntropySparse": softmaxCrossEntropySparseGradient,
	"Softplus":                  softplusGradient,
	"SpaceToBatch":              movedGradient,
	"SpaceToDepth":              movedGradient,
	"SpatialLRN":                spatialLRNGradient,
	"Stack":                     movedGradient,
	"StridedSlice":              movedGradient,
	"Swish":                     swishGradient,
	"Tanh":                      tanhGradient,
	"Tile":                      tileGradient,
	"TopK":                      topKGradient,
	"Unary":                     unaryGradient,
	"Undilated":                 undilatedGradient,
	"Unstack":                   movedGradient,
}

// OfGradient returns the bounds for a backward execution.
func OfGradient(c *GradientCall) (GradientBounds, error) {
	rule := GradientRules[c.Layer.Kind()]
	if rule == nil {
		return GradientBounds{}, fmt.Errorf("there is no rounding bound for the gradient of %s", c.Layer.Kind())
	}
	given, p := *c, c.Producer.at(c.Layer)
	given.InErr, given.OutErr, given.OutGradErr = p.allFlushed(c.In, c.InErr), p.allFlushed(c.Out, c.OutErr), p.allFlushed(c.OutGrad, c.OutGradErr)
	b := rule(&given)
	for i, t := range b.In {
		b.In[i] = p.flushed(c.InGrad[i], t)
		p.overflow(c.InGrad[i], b.In[i])
		unknown(b.In[i])
	}
	for i, t := range b.Params {
		b.Params[i] = p.flushed(c.ParamGrad[i], t)
		p.overflow(c.ParamGrad[i], b.Params[i])
		unknown(b.Params[i])
	}
	return b, nil
}

// Sum bounds the gradient of a value that several readers contribute to: their bounds, and n-1 additions.
func (p Producer) Sum(parts, bounds []*tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if len(parts) == 1 {
		return bounds[0]
	}
	g := p.gamma(len(parts) - 1)
	out := tensor.New[float64](parts[0].Shape...)
	for i, t := range parts {
		e := atOrZero(bounds[i])
		for j, v := range t.Data {
			out.Data[j] += e(j) + g*(math.Abs(v)+e(j))
		}
	}
	return out
}

// atOrZero reads a bound, nil as zero.
func atOrZero(t *tensor.Tensor[float64]) func(at int) float64 {
	if t == nil {
		return func(int) float64 { return 0 }
	}
	return func(at int) float64 { return t.Data[at] }
}

// errorOf returns a bound as a tensor, zeros for nil.
func errorOf(e, of *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if e == nil {
		return tensor.New[float64](of.Shape...)
	}
	return e
}

// magnitude is |x| + e.
func magnitude(x, e *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	out := abs(x)
	if e != nil {
		for i, v := range e.Data {
			out.Data[i] += v
		}
	}
	return out
}

// back runs a layer's backward pass in float64 on bounds in the place of values.
func (c *GradientCall) back(l layer.Layer, in, params, outGrad []*tensor.Tensor[float64]) *layer.Gradient[float64] {
	g := &layer.Gradient[float64]{In: in, Params: params, Out: c.Out, OutGrad: outGrad, Workers: c.Workers}
	for i, t := range c.In {
		g.InGrad = append(g.InGrad, nil)
		if c.InGrad[i] != nil {
			g.InGrad[i] = tensor.New[float64](t.Shape...)
		}
	}
	for i, t := range c.Params {
		g.ParamGrad = append(g.ParamGrad, nil)
		if c.ParamGrad[i] != nil {
			g.ParamGrad[i] = tensor.New[float64](t.Shape...)
		}
	}
	l.(layer.Differentiable).Backward64(g)
	return g
}

// exact reports whether all gradients of the outputs are.
func (c *GradientCall) exact() bool {
	for _, e := range c.OutGradErr {
		if e != nil {
			return false
		}
	}
	return true
}

func (c *GradientCall) none() GradientBounds {
	return GradientBounds{
		In:     make([]*tensor.Tensor[float64], len(c.In)),
		Params: make([]*tensor.Tensor[float64], len(c.Params)),
	}
}

// input is for layers with a gradient of their first input only: f writes its bound.
func (c *GradientCall) input(f func(to []float64)) GradientBounds {
	out := c.none()
	if c.InGrad[0] != nil {
		out.In[0] = tensor.New[float64](c.In[0].Shape...)
		f(out.In[0].Data)
	}
	return out
}

// forward is the call of the forward pass.
func (c *GradientCall) forward() *Call {
	return &Call{Layer: c.Layer, In: c.In, Params: c.Params, Out: c.Out, Err: c.InErr, Producer: c.Producer, Workers: c.Workers}
}

func (c *GradientCall) outGradErrors() []*tensor.Tensor[float64] {
	var list []*tensor.Tensor[float64]
	for i, e := range c.OutGradErr {
		list = append(list, errorOf(e, c.OutGrad[i]))
	}
	return list
}

// movedGradient is for operations that only move elements back.
func movedGradient(c *GradientCall) GradientBounds {
	if c.exact() {
		return c.none()
	}
	g := c.back(c.Layer, c.In, c.Params, c.outGradErrors())
	return GradientBounds{In: g.InGrad, Params: g.ParamGrad}
}

// sums is for operations that move elements back and add up at most n of them.
func (c *GradientCall) sums(n int) GradientBounds {
	if n < 2 {
		return movedGradient(c)
	}
	var d []*tensor.Tensor[float64]
	for i, t := range c.OutGrad {
		d = append(d, magnitude(t, c.OutGradErr[i]))
	}
	out := GradientBounds{In: c.back(c.Layer, c.In, c.Params, c.outGradErrors()).InGrad}
	for i, t := range c.back(c.Layer, c.In, c.Params, d).InGrad {
		if t != nil {
			addScaled(out.In[i], c.Producer.gamma(n-1), t)
		}
	}
	return out
}

// products bounds the gradients of a layer whose output is linear in its inputs and in its parameters, so that each
// gradient is a sum of products a b with errors: sum (|da| (|b| + |db|) + |a| |db|) for the errors, gamma_(n+1) sum
// (|a| + |da|)(|b| + |db|) for n roundings of the sum and one of each product, and what may underflow. terms is the
// number of products in an element of a gradient: of an input, of each parameter.
func (c *GradientCall) products(l layer.Layer, inTerms int, paramTerms []int) GradientBounds {
	x, d := []*tensor.Tensor[float64]{magnitude(c.In[0], c.InErr[0])}, []*tensor.Tensor[float64]{magnitude(c.OutGrad[0], c.OutGradErr[0])}
	var w []*tensor.Tensor[float64]
	for _, p := range c.Params {
		w = append(w, abs(p))
	}
	rounding := c.back(l, x, w, d)
	out := GradientBounds{In: rounding.InGrad, Params: rounding.ParamGrad}
	scale := func(t *tensor.Tensor[float64], n int) {
		if t == nil {
			return
		}
		g := c.Producer.gamma(n + 1)
		for i, v := range t.Data {
			t.Data[i] = g*v + float64(n)*c.Producer.Tiny
		}
	}
	scale(out.In[0], inTerms)
	for i, t := range out.Params {
		scale(t, paramTerms[i])
	}
	if e := c.OutGradErr[0]; e != nil {
		out.add(c.back(l, x, w, []*tensor.Tensor[float64]{e}), true)
	}
	if e := c.InErr[0]; e != nil { // the inputs do not enter their own gradient
		out.add(c.back(l, []*tensor.Tensor[float64]{e}, w, []*tensor.Tensor[float64]{abs(c.OutGrad[0])}), false)
	}
	return out
}

func (b *GradientBounds) add(g *layer.Gradient[float64], inputs bool) {
	lists := [][2][]*tensor.Tensor[float64]{{b.Params, g.ParamGrad}}
	if inputs {
		lists = append(lists, [2][]*tensor.Tensor[float64]{b.In, g.InGrad})
	}
	for _, l := range lists {
		for i, t := range l[0] {
			if t == nil {
				continue
			}
			for j, v := range l[1][i].Data {
				t.Data[j] += v
			}
		}
	}
}

func convolutionGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Convolution)
	w, out := c.Params[0].Shape, c.OutGrad[0].Shape
	cells := out[0] * out[2:].Len()
	b := c.products(l, l.Outputs/l.Groups*w[2:].Len(), []int{cells, cells})
	if l.Bias {
		b.Params[1] = c.sumsAlong(layer.Along{Len: l.Outputs, Inner: out[2:].Len()}, c.Params[1].Shape, c.outGradient)
	}
	return b
}

func innerProductGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.InnerProduct)
	rows := len(c.OutGrad[0].Data) / l.Outputs
	b := c.products(l, l.Outputs, []int{rows, rows})
	if l.Bias {
		b.Params[1] = c.sumsAlong(layer.Along{Len: l.Outputs, Inner: 1}, c.Params[1].Shape, c.outGradient)
	}
	return b
}

// averagePoolGradient: each cell gets a share of every window over it: a division and additions.
func averagePoolGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.AveragePool)
	n := 1
	if !l.Global {
		n = l.MostAtACell()
	}
	return c.products(l, n+1, nil)
}
