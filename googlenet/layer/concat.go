package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Concat joins its inputs along one axis, in order.
type Concat struct{ Axis int }

func (Concat) Kind() string { return "Concat" }

func (l Concat) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("Concat needs at least one input")
	}
	out := in[0].Clone()
	if l.Axis < 0 || l.Axis >= len(out) {
		return nil, fmt.Errorf("Concat axis %d is outside the %d dimensions of %v", l.Axis, len(out), out)
	}
	for i, s := range in[1:] {
		rest := s.Clone()
		if len(rest) == len(out) {
			rest[l.Axis] = out[l.Axis]
		}
		if !rest.Equal(out) {
			return nil, fmt.Errorf("Concat input %d has shape %v, which does not fit %v outside axis %d", i+1, s, in[0], l.Axis)
		}
		out[l.Axis] += s[l.Axis]
	}
	return []tensor.Shape{out}, nil
}

func (l Concat) Forward32(c *Call[float32]) { concat(l, c) }
func (l Concat) Forward64(c *Call[float64]) { concat(l, c) }

// Attributes lists the axis.
func (l Concat) Attributes() []Attribute { return []Attribute{{"axis", strconv.Itoa(l.Axis)}} }

func concat[T tensor.Float](l Concat, c *Call[T]) {
	y := c.Out[0]
	row := y.Shape[l.Axis:].Len() // elements of one outer index in the output
	at := 0
	for _, x := range c.In {
		size := x.Shape[l.Axis:].Len()
		for outer := range y.Shape[:l.Axis].Len() {
			copy(y.Data[outer*row+at:], x.Data[outer*size:(outer+1)*size])
		}
		at += size
	}
}

func (l Concat) Backward32(g *Gradient[float32]) { concatBackward(l, g) }
func (l Concat) Backward64(g *Gradient[float64]) { concatBackward(l, g) }

func concatBackward[T tensor.Float](l Concat, g *Gradient[T]) {
	d := g.OutGrad[0]
	row := d.Shape[l.Axis:].Len()
	at := 0
	for i, x := range g.In {
		size := x.Shape[l.Axis:].Len()
		if to := g.InGrad[i]; to != nil {
			for outer := range d.Shape[:l.Axis].Len() {
				copy(to.Data[outer*size:(outer+1)*size], d.Data[outer*row+at:])
			}
		}
		at += size
	}
}
