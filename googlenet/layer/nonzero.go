package layer

import "parity/googlenet/tensor"

// Nonzero lists the places of the elements that are not 0, first to last: a row for each of them, with its index along every
// axis.
type Nonzero struct{}

func (Nonzero) Kind() string { return "Nonzero" }

// Infer returns the shape for elements none of which is 0.
func (l Nonzero) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	return []tensor.Shape{{in[0].Len(), len(in[0])}}, nil
}

// InferFrom returns the shape for the elements that are not.
func (l Nonzero) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	return []tensor.Shape{{len(selected(tensor.As[float64](in[0]))), len(in[0].Dims())}}, nil
}

func (Nonzero) Forward32(c *Call[float32]) { nonzero(c) }
func (Nonzero) Forward64(c *Call[float64]) { nonzero(c) }

func nonzero[T tensor.Float](c *Call[T]) {
	y, rank := c.Out[0], len(c.In[0].Shape)
	list := selected(c.In[0])
	for row, at := range list[:min(len(list), y.Shape[0])] {
		for axis, i := range c.In[0].Shape.Index(at) {
			y.Data[row*rank+axis] = T(i)
		}
	}
}
