package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Bias adds one number per index of an axis. Parameter: bias [extent of the axis].
type Bias struct{ Axis int }

func (Bias) Kind() string { return "Bias" }

func (l Bias) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := same(l, in)
	if err == nil && (l.Axis < 0 || l.Axis >= len(in[0])) {
		return nil, fmt.Errorf("Bias axis %d is outside the %d dimensions of %v", l.Axis, len(in[0]), in[0])
	}
	return out, err
}

// ParamShapes returns the shape of the bias.
func (l Bias) ParamShapes(in []tensor.Shape) []tensor.Shape { return []tensor.Shape{{in[0][l.Axis]}} }

func (l Bias) Forward32(c *Call[float32]) { bias(l, c) }
func (l Bias) Forward64(c *Call[float64]) { bias(l, c) }

// Attributes lists the axis.
func (l Bias) Attributes() []Attribute { return []Attribute{{"axis", strconv.Itoa(l.Axis)}} }

func bias[T tensor.Float](l Bias, c *Call[T]) {
	x, y, b := c.In[0], c.Out[0].Data, c.Params[0].Data
	inner := x.Shape[l.Axis+1:].Len()
	parallel.For(c.Workers, x.Shape[:l.Axis+1].Len(), func(i int) {
		add := b[i%len(b)]
		for j, v := range x.Data[i*inner : (i+1)*inner] {
			y[i*inner+j] = v + add
		}
	})
}

func (l Bias) Backward32(g *Gradient[float32]) { biasBackward(l, g) }
func (l Bias) Backward64(g *Gradient[float64]) { biasBackward(l, g) }

func biasBackward[T tensor.Float](l Bias, g *Gradient[T]) {
	copyBack(g)
	addUp(g.OutGrad[0], l.Axis, g.ParamGrad[0].Data)
}
