package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Shape is the extents of its input, a vector: those of the given axes, one after the other.
type Shape struct{ Axes []int }

func (Shape) Kind() string { return "Shape" }

func (l Shape) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	for _, a := range l.Axes {
		if a < 0 || a >= len(in[0]) {
			return nil, fmt.Errorf("Shape axis %d is outside the %d dimensions of %v", a, len(in[0]), in[0])
		}
	}
	return []tensor.Shape{{len(l.Axes)}}, nil
}

func (l Shape) Forward32(c *Call[float32]) { extents(l, c) }
func (l Shape) Forward64(c *Call[float64]) { extents(l, c) }

// Attributes lists the axes.
func (l Shape) Attributes() []Attribute { return []Attribute{{"axes", fmt.Sprint(l.Axes)}} }

func extents[T tensor.Float](l Shape, c *Call[T]) {
	for i, a := range l.Axes {
		c.Out[0].Data[i] = T(c.In[0].Shape[a])
	}
}
