package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Stack puts its inputs, which have one shape, side by side along a new axis.
type Stack struct{ Axis int }

func (Stack) Kind() string { return "Stack" }

func (l Stack) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("Stack needs at least one input")
	}
	if l.Axis < 0 || l.Axis > len(in[0]) {
		return nil, fmt.Errorf("Stack axis %d cannot be put into the %d dimensions of %v", l.Axis, len(in[0]), in[0])
	}
	for i, s := range in {
		if !s.Equal(in[0]) {
			return nil, fmt.Errorf("Stack input %d has shape %v, the first one %v", i, s, in[0])
		}
	}
	return []tensor.Shape{withAxis(in[0], l.Axis, len(in))}, nil
}

// withAxis is the shape with another axis.
func withAxis(s tensor.Shape, axis, extent int) tensor.Shape {
	out := append(tensor.Shape{}, s[:axis]...)
	return append(append(out, extent), s[axis:]...)
}

func (l Stack) Forward32(c *Call[float32]) { stack(l, c) }
func (l Stack) Forward64(c *Call[float64]) { stack(l, c) }

// Attributes lists the axis.
func (l Stack) Attributes() []Attribute { return []Attribute{{"axis", strconv.Itoa(l.Axis)}} }

func stack[T tensor.Float](l Stack, c *Call[T]) {
	concat(Concat(l), &Call[T]{In: thick(c.In, l.Axis), Out: c.Out})
}

// thick views tensors with an axis of one cell more.
func thick[T tensor.Float](list []*tensor.Tensor[T], axis int) []*tensor.Tensor[T] {
	out := make([]*tensor.Tensor[T], len(list))
	for i, t := range list {
		if t != nil {
			out[i] = t.Reshaped(withAxis(t.Shape, axis, 1)...)
		}
	}
	return out
}

func (l Stack) Backward32(g *Gradient[float32]) { stackBackward(l, g) }
func (l Stack) Backward64(g *Gradient[float64]) { stackBackward(l, g) }

func stackBackward[T tensor.Float](l Stack, g *Gradient[T]) {
	concatBackward(Concat(l), &Gradient[T]{In: thick(g.In, l.Axis), InGrad: thick(g.InGrad, l.Axis), OutGrad: g.OutGrad})
}
