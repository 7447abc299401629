package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Unstack takes its input apart along one axis: an output, without that axis, for each of its Parts places. It is Stack
// backwards.
type Unstack struct{ Axis, Parts int }

func (Unstack) Kind() string { return "Unstack" }

func (l Unstack) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if l.Axis < 0 || l.Axis >= len(in[0]) {
		return nil, fmt.Errorf("Unstack axis %d is outside the %d dimensions of %v", l.Axis, len(in[0]), in[0])
	}
	if in[0][l.Axis] != l.Parts {
		return nil, fmt.Errorf("Unstack into %d parts does not fit the extent %d of axis %d", l.Parts, in[0][l.Axis], l.Axis)
	}
	out := make([]tensor.Shape, l.Parts)
	for i := range out {
		out[i] = append(append(tensor.Shape{}, in[0][:l.Axis]...), in[0][l.Axis+1:]...)
	}
	return out, nil
}

func (l Unstack) Forward32(c *Call[float32]) { unstack(l, c) }
func (l Unstack) Forward64(c *Call[float64]) { unstack(l, c) }

// Attributes lists the axis and the number of parts.
func (l Unstack) Attributes() []Attribute {
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"parts", strconv.Itoa(l.Parts)}}
}

// unstack is the gradient of the stack of its outputs.
func unstack[T tensor.Float](l Unstack, c *Call[T]) {
	stackBackward(Stack{l.Axis}, &Gradient[T]{In: c.Out, InGrad: c.Out, OutGrad: c.In})
}

func (l Unstack) Backward32(g *Gradient[float32]) { unstackBackward(l, g) }
func (l Unstack) Backward64(g *Gradient[float64]) { unstackBackward(l, g) }

func unstackBackward[T tensor.Float](l Unstack, g *Gradient[T]) {
	if g.InGrad[0] != nil {
		stack(Stack{l.Axis}, &Call[T]{In: g.OutGrad, Out: g.InGrad})
	}
}
