package layer

import "parity/googlenet/tensor"

// AddAlong adds to its first input the second one, which has the extents of the first from Axis on, repeated over all
// other axes. A second input without axes is added everywhere.
type AddAlong struct{ Axis int }

func (AddAlong) Kind() string { return "AddAlong" }

func (l AddAlong) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := checkAlong(l, in, l.Axis); err != nil {
		return nil, err
	}
	return []tensor.Shape{in[0].Clone()}, nil
}

func (l AddAlong) Forward32(c *Call[float32]) { addAlong(l.Along(c.In[0], c.In[1]), c, c.In[1]) }
func (l AddAlong) Forward64(c *Call[float64]) { addAlong(l.Along(c.In[0], c.In[1]), c, c.In[1]) }

// Attributes lists the axis.
func (l AddAlong) Attributes() []Attribute { return axisAttributes(l.Axis, 0) }

// Along says how the second input lies along the first.
func (l AddAlong) Along(x, b tensor.Any) Along { return along(x.Dims(), l.Axis, len(b.Dims())) }

func (l AddAlong) Backward32(g *Gradient[float32]) {
	addAlongBackward(l.Along(g.In[0], g.In[1]), g, g.InGrad[1])
}
func (l AddAlong) Backward64(g *Gradient[float64]) {
	addAlongBackward(l.Along(g.In[0], g.In[1]), g, g.InGrad[1])
}
