package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// SoftmaxCrossEntropyDense is, for every row along an axis of the first input, the cross entropy of its softmax p with a
// target t, the same row of the second input, of the shape of the first:
//
//	loss = -sum_j t_j log p_j    and, as a second output,    p - t
//
// The target is a distribution, but nothing checks that it adds up to 1. The loss has the shape without the axis.
//
// The gradient is TensorFlow's (_SoftmaxCrossEntropyWithLogitsGrad in nn_grad.py): p - t even where the target does not add up
// to 1, and none from the second output to the target.
type SoftmaxCrossEntropyDense struct{ Axis int }

func (SoftmaxCrossEntropyDense) Kind() string { return "SoftmaxCrossEntropyDense" }

// Infer checks for two inputs of one shape.
func (l SoftmaxCrossEntropyDense) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	if !in[0].Equal(in[1]) {
		return nil, fmt.Errorf("%s takes a target of the shape of its input %v, got %v", l.Kind(), in[0], in[1])
	}
	return rowLosses(l, in[0], l.Axis)
}

// Attributes lists the axis.
func (l SoftmaxCrossEntropyDense) Attributes() []Attribute {
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}}
}

func (l SoftmaxCrossEntropyDense) Forward32(c *Call[float32]) { softmaxCrossEntropyDense(l, c) }
func (l SoftmaxCrossEntropyDense) Forward64(c *Call[float64]) { softmaxCrossEntropyDense(l, c) }

func softmaxCrossEntropyDense[T tensor.Float](l SoftmaxCrossEntropyDense, c *Call[T]) {
	target, loss, difference := c.In[1].Data, c.Out[0].Data, c.Out[1].Data
	rows := ClassesOf(c.In[0].Shape, l.Axis)
	logSoftmax(l.Axis, c.Workers, c.In[0], difference)
	for row := range rows.Rows() {
		sum := 0.0
		for class := range rows.Count {
			at := rows.At(row, class)
			sum -= float64(target[at]) * float64(difference[at])
		}
		loss[row] = T(sum)
	}
	copy(difference, probabilities(c.In[0], l.Axis, c.Workers).Data)
	for at, t := range target {
		difference[at] -= t
	}
}

func (l SoftmaxCrossEntropyDense) Backward32(g *Gradient[float32]) {
	softmaxCrossEntropyDenseBackward(l, g)
}

func (l SoftmaxCrossEntropyDense) Backward64(g *Gradient[float64]) {
	softmaxCrossEntropyDenseBackward(l, g)
}

// softmaxCrossEntropyDenseBackward: dx = dloss (p - t) and what rowLossBackward adds, dt = -dloss log p.
func softmaxCrossEntropyDenseBackward[T tensor.Float](l SoftmaxCrossEntropyDense, g *Gradient[T]) {
	rowLossBackward(l.Axis, g)
	to := g.InGrad[1]
	if to == nil {
		return
	}
	logSoftmax(l.Axis, g.Workers, g.In[0], to.Data)
	rows := ClassesOf(to.Shape, l.Axis)
	for at := range to.Data {
		to.Data[at] *= -g.OutGrad[0].Data[rows.Of(at)]
	}
}
