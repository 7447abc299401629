package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// LogSoftmax is the logarithm of the softmax along one axis, x_i - m - log sum_j exp(x_j - m) with m the largest x: where
// the softmax itself would vanish its logarithm stays exact.
type LogSoftmax struct{ Axis int }

func (LogSoftmax) Kind() string { return "LogSoftmax" }

func (l LogSoftmax) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	return sameAlong(l, in, l.Axis)
}

func (l LogSoftmax) Forward32(c *Call[float32]) {
	logSoftmax(l.Axis, c.Workers, c.In[0], c.Out[0].Data)
}
func (l LogSoftmax) Forward64(c *Call[float64]) {
	logSoftmax(l.Axis, c.Workers, c.In[0], c.Out[0].Data)
}

// Attributes lists the axis.
func (l LogSoftmax) Attributes() []Attribute { return Softmax(l).Attributes() }

func logSoftmax[T tensor.Float](axis, workers int, x *tensor.Tensor[T], y []T) {
	Softmax{Axis: axis}.EachRow(x.Shape, workers, func(start, stride, n int) {
		largest := T(math.Inf(-1))
		for i := range n {
			largest = max(largest, x.Data[start+i*stride])
		}
		sum := 0.0
		for i := range n {
			at := start + i*stride
			y[at] = x.Data[at] - largest
			sum += math.Exp(float64(y[at]))
		}
		log := T(math.Log(sum))
		for i := range n {
			y[start+i*stride] -= log
		}
	})
}

func (l LogSoftmax) Backward32(g *Gradient[float32]) { logSoftmaxBackward(l, g) }
func (l LogSoftmax) Backward64(g *Gradient[float64]) { logSoftmaxBackward(l, g) }

// logSoftmaxBackward: dx_i = dy_i - exp(y_i) sum_j dy_j.
func logSoftmaxBackward[T tensor.Float](l LogSoftmax, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	y, d, to := g.Out[0].Data, g.OutGrad[0].Data, g.InGrad[0].Data
	Softmax(l).EachRow(g.Out[0].Shape, g.Workers, func(start, stride, n int) {
		sum := 0.0
		for i := range n {
			sum += float64(d[start+i*stride])
		}
		for i := range n {
			at := start + i*stride
			to[at] = d[at] - T(math.Exp(float64(y[at])))*T(sum)
		}
	})
}
