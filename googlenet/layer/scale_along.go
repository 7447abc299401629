package layer

import "parity/googlenet/tensor"

// ScaleAlong multiplies its first input by the second one, which has the extents of the first from Axis on, repeated
// over all other axes. A second input without axes multiplies everything.
type ScaleAlong struct{ Axis int }

func (ScaleAlong) Kind() string { return "ScaleAlong" }

func (l ScaleAlong) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := checkAlong(l, in, l.Axis); err != nil {
		return nil, err
	}
	return []tensor.Shape{in[0].Clone()}, nil
}

func (l ScaleAlong) Forward32(c *Call[float32]) {
	multiplyAlong(l.Along(c.In[0], c.In[1]), c, c.In[1])
}
func (l ScaleAlong) Forward64(c *Call[float64]) {
	multiplyAlong(l.Along(c.In[0], c.In[1]), c, c.In[1])
}

// Attributes lists the axis.
func (l ScaleAlong) Attributes() []Attribute { return axisAttributes(l.Axis, 0) }

// Along says how the second input lies along the first.
func (l ScaleAlong) Along(x, s tensor.Any) Along {
	return along(x.Dims(), l.Axis, len(s.Dims()))
}

func (l ScaleAlong) Backward32(g *Gradient[float32]) {
	multiplyAlongBackward(l.Along(g.In[0], g.In[1]), g, g.In[1], g.InGrad[1])
}
func (l ScaleAlong) Backward64(g *Gradient[float64]) {
	multiplyAlongBackward(l.Along(g.In[0], g.In[1]), g, g.In[1], g.InGrad[1])
}
