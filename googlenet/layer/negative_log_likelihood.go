package layer

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// Average is what a loss makes of the terms of all rows.
type Average int

const (
	// AverageMean divides their sum by that of their weights, which is 0 / 0 if no label counts.
	AverageMean Average = iota
	// AverageSum adds them up.
	AverageSum
	// AverageNone leaves them as they are: the output has the shape of the labels.
	AverageNone
)

func (a Average) String() string { return [...]string{"weighted mean", "sum", "none"}[a] }

// NegativeLogLikelihood is -w[label] x[label] for each row of its first input, the logarithms of probabilities that lie along an
// axis, at the label that the second input gives for the row. The weight w of a class is a parameter [classes] with Weighted,
// else 1. Labels that are left out have the term and the weight 0; one that is neither a class nor left out makes its term NaN.
type NegativeLogLikelihood struct {
	Axis int
	Labels
	Average  Average
	Weighted bool
}

func (NegativeLogLikelihood) Kind() string { return "NegativeLogLikelihood" }

// Infer checks that there is a label for each row.
func (l NegativeLogLikelihood) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	err := arity(l, in, 2)
	if err == nil {
		err = labelled(l, in, l.Axis)
	}
	if err == nil && l.Average == AverageNone {
		return []tensor.Shape{in[1].Clone()}, nil
	}
	return lossOf(err)
}

// ParamShapes returns the shape of the weights.
func (l NegativeLogLikelihood) ParamShapes(in []tensor.Shape) []tensor.Shape {
	if !l.Weighted {
		return nil
	}
	return []tensor.Shape{{in[0][l.Axis]}}
}

// Attributes lists the settings.
func (l NegativeLogLikelihood) Attributes() []Attribute {
	list := []Attribute{{"axis", fmt.Sprint(l.Axis)}, {"average", l.Average.String()}}
	return append(list, l.Labels.attributes()...)
}

func (l NegativeLogLikelihood) Forward32(c *Call[float32]) { negativeLogLikelihood(l, c) }
func (l NegativeLogLikelihood) Forward64(c *Call[float64]) { negativeLogLikelihood(l, c) }

func negativeLogLikelihood[T tensor.Float](l NegativeLogLikelihood, c *Call[T]) {
	rows := ClassesOf(c.In[0].Shape, l.Axis)
	total, weights := 0.0, 0.0 // long sums must not lose what short ones keep
	for row, v := range c.In[1].Data {
		label := Label(v)
		w := classWeight(l, rows, c.Params, label)
		term := T(0)
		if !l.Skips(label) {
			term = invalid[T]()
		}
		if w == w && !l.Skips(label) {
			term = -c.In[0].Data[rows.At(row, label)] * w
		}
		if l.Average == AverageNone {
			c.Out[0].Data[row] = term
			continue
		}
		total += float64(term)
		weights += float64(w)
	}
	switch l.Average {
	case AverageMean:
		c.Out[0].Data[0] = T(total / weights)
	case AverageSum:
		c.Out[0].Data[0] = T(total)
	}
}

// classWeight is the weight of a row with that label, NaN for one that is no class.
func classWeight[T tensor.Float](l NegativeLogLikelihood, rows Classes, params []*tensor.Tensor[T], label int) T {
	switch {
	case l.Skips(label):
		return 0
	case !rows.Has(label):
		return T(math.NaN())
	case l.Weighted:
		return params[0].Data[label]
	}
	return 1
}

func (l NegativeLogLikelihood) Backward32(g *Gradient[float32]) { negativeLogLikelihoodBackward(l, g) }
func (l NegativeLogLikelihood) Backward64(g *Gradient[float64]) { negativeLogLikelihoodBackward(l, g) }

// negativeLogLikelihoodBackward: dx = -dy w[label] at the label, over the sum of the weights for a mean, and 0 elsewhere. Labels
// and weights have no gradient.
func negativeLogLikelihoodBackward[T tensor.Float](l NegativeLogLikelihood, g *Gradient[T]) {
	g.InGrad[1] = nil
	if l.Weighted {
		g.ParamGrad[0] = nil
	}
	if g.InGrad[0] == nil {
		return
	}
	rows, to := ClassesOf(g.In[0].Shape, l.Axis), g.InGrad[0].Data
	over := T(1)
	if l.Average == AverageMean {
		over = T(sumOfWeights(l, rows, g.Params, g.In[1].Data))
	}
	for row, v := range g.In[1].Data {
		d := g.OutGrad[0].Data[0]
		if l.Average == AverageNone {
			d = g.OutGrad[0].Data[row]
		}
		if label := Label(v); rows.Has(label) && !l.Skips(label) {
			to[rows.At(row, label)] = -d * (classWeight(l, rows, g.Params, label) / over)
		}
	}
}

func sumOfWeights[T tensor.Float](l NegativeLogLikelihood, rows Classes, params []*tensor.Tensor[T], labels []T) float64 {
	total := 0.0
	for _, v := range labels {
		total += float64(classWeight(l, rows, params, Label(v)))
	}
	return total
}
