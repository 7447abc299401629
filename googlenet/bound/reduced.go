package bound

import (
	"fmt"
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// What rounding to a smaller format adds to a rule, which is that of the layer in the precision of its sums:
//
//   - factors of products are off by what rounding them makes, before they are multiplied;
//   - parameters are off by the same, which their rules take as ParamErr;
//   - the result is rounded once more, and with a bias once before it is added.
//
// In a layer that is no sum of products every single operation may round to the format of the results, of which no rule
// has more than singles; the rest of what a rule counts are the additions of sums.

// singles is the most roundings in a rule that are not additions of a sum: those of an exponential and a power in Exp and of two
// exponentials in Softmax.
const singles = 24

// productKinds are the kinds whose sums of products special hardware computes from rounded factors.
var productKinds = map[string]bool{
	"Convolution": true, "ConvolutionBy": true, "ConvolutionND": true, "Deconvolution": true, "DeconvolutionBy": true,
	"DeconvolutionND": true, "InnerProduct": true, "MatMul": true, "Undilated": true,
}

// sumKinds are further kinds that add up without rounding in between.
var sumKinds = map[string]bool{"AveragePool": true, "Reduce": true, "Reduction": true}

// handsOn reports whether a layer hands numbers on as they are: they were stored before, and nothing is rounded.
func handsOn(l layer.Layer) bool { return passes(l) || l.Kind() == "ReLU" || l.Kind() == "Clip" }

// takesParamErr are the kinds whose rules know errors of parameters.
var takesParamErr = map[string]bool{
	"BatchNorm": true, "Bias": true, "Convolution": true, "ConvolutionND": true, "Deconvolution": true, "DeconvolutionND": true,
	"FusedBatchNorm": true, "InnerProduct": true, "PReLU": true, "RunningAverage": true, "Scale": true, "Undilated": true,
}

// reduced is the bound of a producer that rounds to a smaller format.
func (c *Call) reduced(rule Rule) ([]*tensor.Tensor[float64], error) {
	if _, constant := c.Layer.(layer.Constant); constant {
		return c.roundResults(rule(c), coarser(c.Producer.Math.Weights, c.Producer.Math.Results)), nil
	}
	if handsOn(c.Layer) {
		return rule(c), nil
	}
	inner, p, a := *c, c.Producer, c.Producer.Math
	product := productKinds[c.Layer.Kind()]
	inner.Producer = p.within(a, product, sumKinds[c.Layer.Kind()])
	if err := inner.roundParams(a, product); err != nil {
		return nil, err
	}
	if product && a.Operands.U > 0 && !p.independent {
		inner.Err = roundedInputs(c.In, c.Err, a.Operands)
	}
	b := rule(&inner)
	if product && a.Operands.U > 0 && p.independent {
		c.addFactors(b[0], a.Operands)
	}
	return c.roundResults(b, a.Results), nil
}

// within is the arithmetic inside a layer. Eigen, which TensorFlow averages and reduces with on a processor, adds float16
// numbers up in float16: over 3136 of them its mean is off by 5 u, over 49 by 6 u where PyTorch's is rounded once. Of bfloat16, and
// in products, it keeps float32 sums.
func (p Producer) within(a Arithmetic, product, summing bool) Producer {
	sums := p.U
	switch {
	case a.Sums.U > 0:
		sums = a.Sums.U
	case p.Eigen && summing && a.Results == Float16:
		sums = a.Results.U
	case a.Operands.U > 0: // tensor cores cut off what an addition rounds (Fasi and others, PeerJ Computer Science 7, 2021)
		sums = 2 * p.U
	}
	p.U = sums
	if f := a.Results; f.U > 0 && !product && !summing {
		p.sums, p.U, p.Tiny, p.Max = sums, f.U, max(p.Tiny, 2*f.Step), f.Max
	}
	return p
}

// roundParams gives the parameters' roundings to the rule. Independent roundings leave them out: those of a weight are the same
// wherever it is used, which a run with other weights shows (WeightRounding).
func (c *Call) roundParams(a Arithmetic, product bool) error {
	f := a.weights(product)
	if len(c.Params) == 0 || f.U == 0 {
		return nil
	}
	if !takesParamErr[c.Layer.Kind()] {
		return fmt.Errorf("there is no rounding bound for %s with parameters in a smaller format", c.Layer.Kind())
	}
	if !c.Producer.independent {
		c.ParamErr = roundedInputs(c.Params, make([]*tensor.Tensor[float64], len(c.Params)), f)
	}
	return nil
}

// weights is the coarser of what parameters and factors are rounded to.
func (a Arithmetic) weights(product bool) Format {
	if product {
		return coarser(a.Operands, a.Weights)
	}
	return a.Weights
}

func coarser(f, g Format) Format {
	if f.U > g.U {
		return f
	}
	return g
}

// roundedInputs adds what rounding makes to the errors of tensors.
func roundedInputs(x, e []*tensor.Tensor[float64], f Format) []*tensor.Tensor[float64] {
	out := make([]*tensor.Tensor[float64], len(x))
	for i, t := range x {
		at := atOrZero(e[i])
		out[i] = tensor.New[float64](t.Shape...)
		for k, v := range t.Data {
			out[i].Data[k] = at(k) + f.error(math.Abs(v)+at(k))
		}
	}
	return out
}

// addFactors adds the root of the squares of what the rounded inputs make: sqrt(sum (w x u)^2), by the layer itself on squares.
func (c *Call) addFactors(b *tensor.Tensor[float64], f Format) {
	square := func(list []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
		out := make([]*tensor.Tensor[float64], len(list))
		for i, t := range list {
			out[i] = tensor.New[float64](t.Shape...)
			for k, v := range t.Data {
				out[i].Data[k] = v * v
			}
		}
		return out
	}
	params := square(c.Params)
	squares := c.run(withoutBias(c.Layer), square(c.In), params[:min(len(params), 1)])[0]
	factors := math.Sqrt(float64(len(c.In))) * f.U
	for i, v := range squares.Data {
		b.Data[i] += factors * math.Sqrt(v)
	}
}

// withoutBias is a layer of products that does not read a bias.
func withoutBias(l layer.Layer) layer.Layer {
	switch l := l.(type) {
	case layer.Convolution:
		l.Bias = false
		return l
	case layer.ConvolutionND:
		l.Bias = false
		return l
	case layer.Deconvolution:
		l.Bias = false
		return l
	case layer.DeconvolutionND:
		l.Bias = false
		return l
	case layer.InnerProduct:
		l.Bias = false
		return l
	case layer.Undilated:
		l.Of.Bias = false
		return l
	}
	return l
}

// roundResults adds the rounding of what is stored. With a bias the sum before it is rounded too; it is at most |y| + |bias|.
func (c *Call) roundResults(b []*tensor.Tensor[float64], f Format) []*tensor.Tensor[float64] {
	if f.U == 0 {
		return b
	}
	for i, y := range c.Out {
		if y == nil {
			continue
		}
		at, out := atOrZero(b[i]), tensor.New[float64](y.Shape...)
		before := c.beforeBias(y.Shape)
		for k, v := range y.Data {
			size := math.Abs(v) + at(k)
			out.Data[k] = at(k) + f.error(size)
			if before != nil {
				out.Data[k] += f.error(size + before(k))
			}
		}
		b[i] = out
	}
	return b
}

// beforeBias is the magnitude of the bias at an element of a layer of products, nil for none.
func (c *Call) beforeBias(shape tensor.Shape) func(at int) float64 {
	if !productKinds[c.Layer.Kind()] || len(c.Params) < 2 {
		return nil
	}
	bias := c.Params[1].Data
	inner := max(1, shape[min(len(shape), 2):].Len())
	return func(at int) float64 { return math.Abs(bias[at/inner%len(bias)]) }
}

// WeightRounding bounds what a producer's rounding changes in a layer's parameters, nil entries for nothing.
func (p Producer) WeightRounding(l layer.Layer, params []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	f := p.Math.weights(productKinds[l.Kind()])
	if f.U == 0 {
		return nil
	}
	return roundedInputs(params, make([]*tensor.Tensor[float64], len(params)), f)
}

// Stored bounds what a producer changes in a tensor that it is fed by storing it, nil for nothing.
func (p Producer) Stored(x *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if p.Math.Results.U == 0 {
		return nil
	}
	return roundedInputs([]*tensor.Tensor[float64]{x}, make([]*tensor.Tensor[float64], 1), p.Math.Results)[0]
}
