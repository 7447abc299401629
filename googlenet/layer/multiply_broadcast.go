package layer

import "parity/googlenet/tensor"

// MultiplyBroadcast multiplies its first input by the second one, which has the extents of the first from Axis on, repeated
// over all other axes. A second input without axes multiplies everything.
type MultiplyBroadcast struct{ Axis int }

func (MultiplyBroadcast) Kind() string { return "MultiplyBroadcast" }

func (l MultiplyBroadcast) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := checkAlong(l, in, l.Axis); err != nil {
		return nil, err
	}
	return []tensor.Shape{in[0].Clone()}, nil
}

func (l MultiplyBroadcast) Forward32(c *Call[float32]) {
	multiplyAlong(l.Along(c.In[0], c.In[1]), c, c.In[1])
}
func (l MultiplyBroadcast) Forward64(c *Call[float64]) {
	multiplyAlong(l.Along(c.In[0], c.In[1]), c, c.In[1])
}

// Attributes lists the axis.
func (l MultiplyBroadcast) Attributes() []Attribute { return axisAttributes(l.Axis, 0) }

// Along says how the second input lies along the first.
func (l MultiplyBroadcast) Along(x, s tensor.Any) Along {
	return along(x.Dims(), l.Axis, len(s.Dims()))
}

func (l MultiplyBroadcast) Backward32(g *Gradient[float32]) {
	multiplyAlongBackward(l.Along(g.In[0], g.In[1]), g, g.In[1], g.InGrad[1])
}
func (l MultiplyBroadcast) Backward64(g *Gradient[float64]) {
	multiplyAlongBackward(l.Along(g.In[0], g.In[1]), g, g.In[1], g.InGrad[1])
}
