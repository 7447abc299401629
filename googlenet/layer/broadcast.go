package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Broadcast repeats a tensor to a shape, as in Repeated: a single number fills it.
type Broadcast struct{ Shape tensor.Shape }

func (Broadcast) Kind() string { return "Broadcast" }

func (l Broadcast) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	out, err := repeatedShape(l, []tensor.Shape{in[0], l.Shape})
	if err != nil || !out.Equal(l.Shape) {
		return nil, fmt.Errorf("Broadcast cannot repeat %v to the shape %v", in[0], l.Shape)
	}
	return []tensor.Shape{out}, nil
}

// Attributes lists the shape.
func (l Broadcast) Attributes() []Attribute { return []Attribute{{"shape", fmt.Sprint(l.Shape)}} }

func (Broadcast) Forward32(c *Call[float32]) { broadcast(c) }
func (Broadcast) Forward64(c *Call[float64]) { broadcast(c) }

func broadcast[T tensor.Float](c *Call[T]) {
	r := Repeat(c.Out[0].Shape, c.In[0].Shape)
	for i := range c.Out[0].Data {
		c.Out[0].Data[i] = c.In[0].Data[r.At(0, i)]
	}
}

func (Broadcast) Backward32(g *Gradient[float32]) { broadcastBackward(g) }
func (Broadcast) Backward64(g *Gradient[float64]) { broadcastBackward(g) }

func broadcastBackward[T tensor.Float](g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	r := Repeat(g.Out[0].Shape, g.In[0].Shape)
	addUpRepeated(r, 0, g.InGrad[0].Data, func(i int) T { return g.OutGrad[0].Data[i] })
}
