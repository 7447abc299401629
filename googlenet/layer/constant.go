package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Constant is a tensor that depends on nothing: its parameter, which may be trained.
type Constant struct{ Shape tensor.Shape }

func (Constant) Kind() string { return "Constant" }

func (l Constant) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	return []tensor.Shape{l.Shape.Clone()}, arity(l, in, 0)
}

// ParamShapes returns the shape of the tensor.
func (l Constant) ParamShapes([]tensor.Shape) []tensor.Shape { return []tensor.Shape{l.Shape.Clone()} }

// Attributes lists the shape.
func (l Constant) Attributes() []Attribute { return []Attribute{{"shape", fmt.Sprint(l.Shape)}} }

func (Constant) Forward32(c *Call[float32]) { copy(c.Out[0].Data, c.Params[0].Data) }
func (Constant) Forward64(c *Call[float64]) { copy(c.Out[0].Data, c.Params[0].Data) }

func (Constant) Backward32(g *Gradient[float32]) { constantBackward(g) }
func (Constant) Backward64(g *Gradient[float64]) { constantBackward(g) }

func constantBackward[T tensor.Float](g *Gradient[T]) {
	if to := g.ParamGrad[0]; to != nil {
		copy(to.Data, g.OutGrad[0].Data)
	}
}
