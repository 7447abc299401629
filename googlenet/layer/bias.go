package layer

import "parity/googlenet/tensor"

// Bias adds one number per index of an axis, or of several. Parameter: bias, with the extents of the axes.
type Bias struct {
	Axis int
	// More is how many axes the bias has beyond the first one; with -1 it is one number, a scalar.
	More int
}

func (Bias) Kind() string { return "Bias" }

func (l Bias) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := same(l, in)
	if err == nil {
		err = checkAxes(l, in[0], l.Axis, 1+l.More)
	}
	return out, err
}

// ParamShapes returns the shape of the bias.
func (l Bias) ParamShapes(in []tensor.Shape) []tensor.Shape {
	return []tensor.Shape{in[0][l.Axis : l.Axis+1+l.More].Clone()}
}

func (l Bias) Forward32(c *Call[float32]) { addAlong(l.Along(c.In[0]), c, c.Params[0]) }
func (l Bias) Forward64(c *Call[float64]) { addAlong(l.Along(c.In[0]), c, c.Params[0]) }

// Attributes lists the axes.
func (l Bias) Attributes() []Attribute { return axisAttributes(l.Axis, l.More) }

// Along says how the bias lies along the input.
func (l Bias) Along(x tensor.Any) Along { return along(x.Dims(), l.Axis, 1+l.More) }

func addAlong[T tensor.Float](a Along, c *Call[T], b *tensor.Tensor[T]) {
	x, y := c.In[0].Data, c.Out[0].Data
	a.eachRow(c.Workers, len(x), func(of, lo, hi int) {
		for i := lo; i < hi; i++ {
			y[i] = x[i] + b.Data[of]
		}
	})
}

func (l Bias) Backward32(g *Gradient[float32]) { addAlongBackward(l.Along(g.In[0]), g, g.ParamGrad[0]) }
func (l Bias) Backward64(g *Gradient[float64]) { addAlongBackward(l.Along(g.In[0]), g, g.ParamGrad[0]) }

// addAlongBackward: dx = dy, and db the sum of the dy that it was added to.
func addAlongBackward[T tensor.Float](a Along, g *Gradient[T], toBias *tensor.Tensor[T]) {
	d := g.OutGrad[0].Data
	if to := g.InGrad[0]; to != nil {
		copy(to.Data, d)
	}
	if toBias != nil {
		addUpAlong(a, len(d), toBias.Data, func(at int) T { return d[at] })
	}
}
