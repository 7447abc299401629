package layer

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// SoftmaxCrossEntropy is the mean of -log p over the rows of the first input, with p the softmax along an axis at the
// label that the second input gives for the row; its output is a scalar. The logarithm is of max(p, ProbabilityFloor).
//
// A label that is neither a class nor ignored makes the loss, and the row's gradient, NaN.
type SoftmaxCrossEntropy struct {
	Axis int
	Labels
	Normalization Normalization
}

// ProbabilityFloor keeps the logarithm of a probability finite: the smallest normal float32, in float64 too, as in Caffe.
const ProbabilityFloor = 0x1p-126

func (SoftmaxCrossEntropy) Kind() string { return "SoftmaxCrossEntropy" }

// Infer checks that there is a label for each row.
func (l SoftmaxCrossEntropy) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	err := arity(l, in, 2)
	if err == nil {
		err = batched(l, in)
	}
	if err == nil {
		err = labelled(l, in, l.Axis)
	}
	return lossOf(err)
}

// Attributes lists the axis, what is divided by and the label that is left out.
func (l SoftmaxCrossEntropy) Attributes() []Attribute {
	list := []Attribute{{"axis", fmt.Sprint(l.Axis)}, {"divided by", l.Normalization.String()}}
	return append(list, l.Labels.attributes()...)
}

func (l SoftmaxCrossEntropy) Forward32(c *Call[float32]) { softmaxCrossEntropy(l, c) }
func (l SoftmaxCrossEntropy) Forward64(c *Call[float64]) { softmaxCrossEntropy(l, c) }

func softmaxCrossEntropy[T tensor.Float](l SoftmaxCrossEntropy, c *Call[T]) {
	p := probabilities(c.In[0], l.Axis, c.Workers)
	rows := ClassesOf(p.Shape, l.Axis)
	var loss terms[T]
	for row, v := range c.In[1].Data {
		switch label := Label(v); {
		case l.Skips(label):
		case !rows.Has(label):
			loss.add(invalid[T]())
		default:
			loss.add(-logFloored(p.Data[rows.At(row, label)], ProbabilityFloor))
		}
	}
	c.Out[0].Data[0] = loss.sum / T(l.Normalization.Divisor(rows.Outer, rows.Rows(), loss.counted))
}

// probabilities is the softmax along an axis.
func probabilities[T tensor.Float](x *tensor.Tensor[T], axis, workers int) *tensor.Tensor[T] {
	p := tensor.New[T](x.Shape...)
	softmax(Softmax{Axis: axis}, &Call[T]{In: []*tensor.Tensor[T]{x}, Out: []*tensor.Tensor[T]{p}, Workers: workers})
	return p
}

// logFloored is log max(p, floor).
func logFloored[T tensor.Float](p, floor T) T { return T(math.Log(float64(max(p, floor)))) }

func (l SoftmaxCrossEntropy) Backward32(g *Gradient[float32]) { softmaxCrossEntropyBackward(l, g) }
func (l SoftmaxCrossEntropy) Backward64(g *Gradient[float64]) { softmaxCrossEntropyBackward(l, g) }

// softmaxCrossEntropyBackward: dx = dy (p - [the class is the label]) / divisor, 0 in rows that are left out. The floor
// of the logarithm has no part in it. Labels have no gradient.
func softmaxCrossEntropyBackward[T tensor.Float](l SoftmaxCrossEntropy, g *Gradient[T]) {
	g.InGrad[1] = nil
	if g.InGrad[0] == nil {
		return
	}
	p := probabilities(g.In[0], l.Axis, g.Workers).Data
	rows := ClassesOf(g.In[0].Shape, l.Axis)
	to, counted := g.InGrad[0].Data, 0
	for row, v := range g.In[1].Data {
		label := Label(v)
		if l.Skips(label) {
			continue
		}
		counted++
		for class := range rows.Count {
			at := rows.At(row, class)
			switch to[at] = p[at]; {
			case !rows.Has(label):
				to[at] = invalid[T]()
			case class == label:
				to[at]--
			}
		}
	}
	multiply(to, g.OutGrad[0].Data[0]/T(l.Normalization.Divisor(rows.Outer, rows.Rows(), counted)))
}

func multiply[T tensor.Float](x []T, by T) {
	for i := range x {
		x[i] *= by
	}
}
