package layer

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// SigmoidCrossEntropy is the sum over the elements of the first input x, with t those of the second, of
//
//	-t log sigmoid(x) - (1-t) log(1 - sigmoid(x)) = x ([x >= 0] - t) + log(1 + exp(-|x|))
//
// divided by a number of elements; its output is a scalar. The targets t are probabilities. One whose integer part is the
// ignored label is left out, so that ignoring 0 leaves out all of (-1, 1), as in Caffe.
type SigmoidCrossEntropy struct {
	Labels
	Normalization Normalization
}

func (SigmoidCrossEntropy) Kind() string { return "SigmoidCrossEntropy" }

// Infer checks that there are as many targets as elements.
func (l SigmoidCrossEntropy) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	err := arity(l, in, 2)
	if err == nil {
		err = batched(l, in)
	}
	if err == nil && in[0].Len() != in[1].Len() {
		err = fmt.Errorf("%s takes as many targets as inputs, got %v and %v", l.Kind(), in[0], in[1])
	}
	return lossOf(err)
}

// Attributes lists what is divided by and the label that is left out.
func (l SigmoidCrossEntropy) Attributes() []Attribute {
	return append([]Attribute{{"divided by", l.Normalization.String()}}, l.Labels.attributes()...)
}

func (l SigmoidCrossEntropy) Forward32(c *Call[float32]) { sigmoidCrossEntropy(l, c) }
func (l SigmoidCrossEntropy) Forward64(c *Call[float64]) { sigmoidCrossEntropy(l, c) }

func sigmoidCrossEntropy[T tensor.Float](l SigmoidCrossEntropy, c *Call[T]) {
	var loss terms[T]
	for i, x := range c.In[0].Data {
		t := c.In[1].Data[i]
		if l.Skips(Label(t)) {
			continue
		}
		var side T
		if x >= 0 {
			side = 1
		}
		loss.add(x*(side-t) + T(math.Log1p(math.Exp(-math.Abs(float64(x))))))
	}
	c.Out[0].Data[0] = loss.sum / T(l.divisor(c.In[0].Shape, loss.counted))
}

func (l SigmoidCrossEntropy) divisor(s tensor.Shape, counted int) float64 {
	return l.Normalization.Divisor(s[0], s.Len(), counted)
}

func (l SigmoidCrossEntropy) Backward32(g *Gradient[float32]) { sigmoidCrossEntropyBackward(l, g) }
func (l SigmoidCrossEntropy) Backward64(g *Gradient[float64]) { sigmoidCrossEntropyBackward(l, g) }

// sigmoidCrossEntropyBackward: dx = dy (sigmoid(x) - t) / divisor, 0 where the target is left out. As in Caffe the
// targets have no gradient.
func sigmoidCrossEntropyBackward[T tensor.Float](l SigmoidCrossEntropy, g *Gradient[T]) {
	g.InGrad[1] = nil
	if g.InGrad[0] == nil {
		return
	}
	to, counted := g.InGrad[0].Data, 0
	for i, x := range g.In[0].Data {
		t := g.In[1].Data[i]
		if l.Skips(Label(t)) {
			continue
		}
		counted++
		to[i] = T(1/(1+math.Exp(-float64(x)))) - t
	}
	multiply(to, g.OutGrad[0].Data[0]/T(l.divisor(g.In[0].Shape, counted)))
}
