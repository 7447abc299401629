package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Constant is a tensor that comes with the network, as a value for other layers to read: its parameter, of the given shape.
type Constant struct{ Shape tensor.Shape }

func (Constant) Kind() string { return "Constant" }

func (l Constant) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 0); err != nil {
		return nil, err
	}
	return []tensor.Shape{l.Shape.Clone()}, nil
}

// ParamShapes returns the shape of the tensor.
func (l Constant) ParamShapes([]tensor.Shape) []tensor.Shape { return []tensor.Shape{l.Shape.Clone()} }

func (Constant) Forward32(c *Call[float32]) { copy(c.Out[0].Data, c.Params[0].Data) }
func (Constant) Forward64(c *Call[float64]) { copy(c.Out[0].Data, c.Params[0].Data) }

// Attributes lists the shape.
func (l Constant) Attributes() []Attribute { return []Attribute{{"shape", fmt.Sprint(l.Shape)}} }

func (Constant) Backward32(g *Gradient[float32]) { constantBackward(g) }
func (Constant) Backward64(g *Gradient[float64]) { constantBackward(g) }

func constantBackward[T tensor.Float](g *Gradient[T]) {
	if g.ParamGrad[0] != nil {
		copy(g.ParamGrad[0].Data, g.OutGrad[0].Data)
	}
}
