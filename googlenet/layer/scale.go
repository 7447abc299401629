package layer

import "parity/googlenet/tensor"

// Scale multiplies by one number per index of an axis, or of several, and with Bias adds one more. Parameters: scale, with
// the extents of the axes, and then a bias of the same shape.
type Scale struct {
	Axis int
	// More is how many axes the scale has beyond the first one; with -1 it is one number, a scalar.
	More int
	Bias bool
}

func (Scale) Kind() string { return "Scale" }

func (l Scale) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := same(l, in)
	if err == nil {
		err = checkAxes(l, in[0], l.Axis, 1+l.More)
	}
	return out, err
}

// ParamShapes returns the shapes of the scale and, with Bias, the bias.
func (l Scale) ParamShapes(in []tensor.Shape) []tensor.Shape {
	s := in[0][l.Axis : l.Axis+1+l.More]
	if l.Bias {
		return []tensor.Shape{s.Clone(), s.Clone()}
	}
	return []tensor.Shape{s.Clone()}
}

func (l Scale) Forward32(c *Call[float32]) { scale(l, c) }
func (l Scale) Forward64(c *Call[float64]) { scale(l, c) }

// Attributes lists the settings.
func (l Scale) Attributes() []Attribute {
	list := axisAttributes(l.Axis, l.More)
	if l.Bias {
		list = append(list, Attribute{"bias", "added"})
	}
	return list
}

// Along says how the parameters lie along the input.
func (l Scale) Along(x tensor.Any) Along { return along(x.Dims(), l.Axis, 1+l.More) }

func scale[T tensor.Float](l Scale, c *Call[T]) {
	a := l.Along(c.In[0])
	multiplyAlong(a, c, c.Params[0])
	if l.Bias {
		y := c.Out[0]
		addAlong(a, &Call[T]{In: c.Out, Out: []*tensor.Tensor[T]{y}, Workers: c.Workers}, c.Params[1])
	}
}

func multiplyAlong[T tensor.Float](a Along, c *Call[T], s *tensor.Tensor[T]) {
	x, y := c.In[0].Data, c.Out[0].Data
	a.eachRow(c.Workers, len(x), func(of, lo, hi int) {
		for i := lo; i < hi; i++ {
			y[i] = x[i] * s.Data[of]
		}
	})
}

func (l Scale) Backward32(g *Gradient[float32]) { scaleBackward(l, g) }
func (l Scale) Backward64(g *Gradient[float64]) { scaleBackward(l, g) }

func scaleBackward[T tensor.Float](l Scale, g *Gradient[T]) {
	a := l.Along(g.In[0])
	multiplyAlongBackward(a, g, g.Params[0], g.ParamGrad[0])
	if l.Bias && g.ParamGrad[1] != nil {
		d := g.OutGrad[0].Data
		addUpAlong(a, len(d), g.ParamGrad[1].Data, func(at int) T { return d[at] })
	}
}

// multiplyAlongBackward: dx = s dy, and ds the sum of x dy over the elements that it multiplied.
func multiplyAlongBackward[T tensor.Float](a Along, g *Gradient[T], s, toScale *tensor.Tensor[T]) {
	x, d := g.In[0].Data, g.OutGrad[0].Data
	if to := g.InGrad[0]; to != nil {
		a.eachRow(g.Workers, len(d), func(of, lo, hi int) {
			for i := lo; i < hi; i++ {
				to.Data[i] = d[i] * s.Data[of]
			}
		})
	}
	if toScale != nil {
		addUpAlong(a, len(d), toScale.Data, func(at int) T { return x[at] * d[at] })
	}
}
