package layer

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Softmax is exp(x_i - m) / sum_j exp(x_j - m) along one axis, with m the largest x.
type Softmax struct{ Axis int }

func (Softmax) Kind() string { return "Softmax" }

func (l Softmax) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	return sameAlong(l, in, l.Axis)
}

// sameAlong is the shape of what keeps that of its one input, along an axis that has to exist.
func sameAlong(l Layer, in []tensor.Shape, axis int) ([]tensor.Shape, error) {
	out, err := same(l, in)
	if err == nil && (axis < 0 || axis >= len(in[0])) {
		return nil, fmt.Errorf("%s axis %d is outside the %d dimensions of %v", l.Kind(), axis, len(in[0]), in[0])
	}
	return out, err
}

func (l Softmax) Forward32(c *Call[float32]) { softmax(l, c) }
func (l Softmax) Forward64(c *Call[float64]) { softmax(l, c) }

// Attributes lists the axis.
func (l Softmax) Attributes() []Attribute { return []Attribute{{"axis", strconv.Itoa(l.Axis)}} }

func softmax[T tensor.Float](l Softmax, c *Call[T]) {
	x, y := c.In[0].Data, c.Out[0].Data
	l.EachRow(c.In[0].Shape, c.Workers, func(start, stride, n int) {
		largest := T(math.Inf(-1))
		for i := range n {
			largest = max(largest, x[start+i*stride])
		}
		var sum T
		for i := range n {
			at := start + i*stride
			y[at] = T(math.Exp(float64(x[at] - largest)))
			sum += y[at]
		}
		for i := range n {
			y[start+i*stride] /= sum
		}
	})
}

// EachRow calls f with the first offset, the stride and the length of every row along the axis.
func (l Softmax) EachRow(s tensor.Shape, workers int, f func(start, stride, n int)) {
	n, inner := s[l.Axis], s[l.Axis+1:].Len()
	parallel.For(workers, s[:l.Axis].Len()*inner, func(i int) { f(i/inner*n*inner+i%inner, inner, n) })
}

func (l Softmax) Backward32(g *Gradient[float32]) { softmaxBackward(l, g) }
func (l Softmax) Backward64(g *Gradient[float64]) { softmaxBackward(l, g) }

// softmaxBackward: dx_i = y_i (dy_i - sum_j y_j dy_j).
func softmaxBackward[T tensor.Float](l Softmax, g *Gradient[T]) {
	y, d, to := g.Out[0].Data, g.OutGrad[0].Data, g.InGrad[0].Data
	l.EachRow(g.Out[0].Shape, g.Workers, func(start, stride, n int) {
		var sum T
		for i := range n {
			sum += y[start+i*stride] * d[start+i*stride]
		}
		for i := range n {
			at := start + i*stride
			to[at] = y[at] * (d[at] - sum)
		}
	})
}
