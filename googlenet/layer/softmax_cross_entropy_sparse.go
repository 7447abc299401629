package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// SoftmaxCrossEntropySparse is SoftmaxCrossEntropyDense with the target 1 for one class and 0 for all others: the second
// input has the number of that class for each row.
//
//	loss = -log p_label    and, as a second output,    p - [the class is the label]
type SoftmaxCrossEntropySparse struct{ Axis int }

func (SoftmaxCrossEntropySparse) Kind() string { return "SoftmaxCrossEntropySparse" }

// Infer checks that there is a label for each row.
func (l SoftmaxCrossEntropySparse) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	if err := labelled(l, in, l.Axis); err != nil {
		return nil, err
	}
	return rowLosses(l, in[0], l.Axis)
}

// InferFrom refuses labels that are no classes.
func (l SoftmaxCrossEntropySparse) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	shape := in[0].Dims()
	rows := ClassesOf(shape, l.Axis)
	for row, v := range tensor.As[float64](in[1]).Data {
		if label := Label(v); !rows.Has(label) {
			return nil, fmt.Errorf("%s: the label %g of row %d is none of the classes 0 to %d", l.Kind(), v, row, rows.Count-1)
		}
	}
	return rowLosses(l, shape, l.Axis)
}

// Attributes lists the axis.
func (l SoftmaxCrossEntropySparse) Attributes() []Attribute {
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}}
}

func (l SoftmaxCrossEntropySparse) Forward32(c *Call[float32]) { softmaxCrossEntropySparse(l, c) }
func (l SoftmaxCrossEntropySparse) Forward64(c *Call[float64]) { softmaxCrossEntropySparse(l, c) }

func softmaxCrossEntropySparse[T tensor.Float](l SoftmaxCrossEntropySparse, c *Call[T]) {
	loss, difference := c.Out[0].Data, c.Out[1].Data
	rows := ClassesOf(c.In[0].Shape, l.Axis)
	logSoftmax(l.Axis, c.Workers, c.In[0], difference)
	for row, v := range c.In[1].Data {
		loss[row] = invalid[T]()
		if label := Label(v); rows.Has(label) {
			loss[row] = -difference[rows.At(row, label)]
		}
	}
	copy(difference, probabilities(c.In[0], l.Axis, c.Workers).Data)
	for row, v := range c.In[1].Data {
		if label := Label(v); rows.Has(label) {
			difference[rows.At(row, label)]--
		}
	}
}

func (l SoftmaxCrossEntropySparse) Backward32(g *Gradient[float32]) {
	softmaxCrossEntropySparseBackward(l, g)
}

func (l SoftmaxCrossEntropySparse) Backward64(g *Gradient[float64]) {
	softmaxCrossEntropySparseBackward(l, g)
}

// softmaxCrossEntropySparseBackward is rowLossBackward. Labels have no gradient.
func softmaxCrossEntropySparseBackward[T tensor.Float](l SoftmaxCrossEntropySparse, g *Gradient[T]) {
	g.InGrad[1] = nil
	rowLossBackward(l.Axis, g)
}
