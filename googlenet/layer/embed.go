package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Embed looks up a vector for every element of its input, an index below Inputs whose fraction is cut off: the output has
// one dimension more than the input. Parameters: weights [Inputs, Outputs], the vectors, then, with Bias, bias [Outputs],
// which is added to each.
type Embed struct {
	Inputs, Outputs int
	Bias            bool
}

func (Embed) Kind() string { return "Embed" }

func (l Embed) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if l.Inputs < 1 || l.Outputs < 1 {
		return nil, fmt.Errorf("Embed needs at least one vector of at least one number, got %d of %d", l.Inputs, l.Outputs)
	}
	return []tensor.Shape{append(in[0].Clone(), l.Outputs)}, nil
}

// InferFrom refuses an index for which there is no vector.
func (l Embed) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	for i, v := range tensor.As[float64](in[0]).Data {
		if !(v > -1 && v < float64(l.Inputs)) {
			return nil, fmt.Errorf("the index %v at %v is outside %d vectors", v, in[0].Dims().Index(i), l.Inputs)
		}
	}
	return l.Infer([]tensor.Shape{in[0].Dims()})
}

// ParamShapes returns the shapes of the vectors and, with Bias, the bias.
func (l Embed) ParamShapes([]tensor.Shape) []tensor.Shape {
	shapes := []tensor.Shape{{l.Inputs, l.Outputs}}
	if l.Bias {
		shapes = append(shapes, tensor.Shape{l.Outputs})
	}
	return shapes
}

func (l Embed) Forward32(c *Call[float32]) { embed(l, c) }
func (l Embed) Forward64(c *Call[float64]) { embed(l, c) }

// Attributes lists the settings.
func (l Embed) Attributes() []Attribute {
	list := []Attribute{{"inputs", strconv.Itoa(l.Inputs)}, {"outputs", strconv.Itoa(l.Outputs)}}
	if !l.Bias {
		list = append(list, Attribute{"bias", "none"})
	}
	return list
}

func embed[T tensor.Float](l Embed, c *Call[T]) {
	n := l.Outputs
	eachRow(c.In[0].Data, l.Inputs, func(i, row int) {
		y := c.Out[0].Data[i*n : (i+1)*n]
		copy(y, c.Params[0].Data[row*n:])
		if l.Bias {
			axpy(1, c.Params[1].Data, y)
		}
	})
}

func (l Embed) Backward32(g *Gradient[float32]) { embedBackward(l, g) }
func (l Embed) Backward64(g *Gradient[float64]) { embedBackward(l, g) }

// embedBackward adds up the gradients of all outputs that show a vector. The index has no gradient.
func embedBackward[T tensor.Float](l Embed, g *Gradient[T]) {
	g.InGrad[0] = nil
	n := l.Outputs
	eachRow(g.In[0].Data, l.Inputs, func(i, row int) {
		d := g.OutGrad[0].Data[i*n : (i+1)*n]
		if g.ParamGrad[0] != nil {
			axpy(1, d, g.ParamGrad[0].Data[row*n:][:n])
		}
		if l.Bias && g.ParamGrad[1] != nil {
			axpy(1, d, g.ParamGrad[1].Data)
		}
	})
}
