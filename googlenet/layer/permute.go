package layer

import (
	"fmt"
	"slices"

	"parity/googlenet/tensor"
)

// Permute reorders dimensions: dimension i of the output is dimension Axes[i] of the input.
type Permute struct{ Axes []int }

func (Permute) Kind() string { return "Permute" }

func (l Permute) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	sorted := slices.Sorted(slices.Values(l.Axes))
	out := make(tensor.Shape, len(l.Axes))
	for i, a := range l.Axes {
		if len(l.Axes) != len(in[0]) || sorted[i] != i {
			return nil, fmt.Errorf("Permute %v is not a permutation of the dimensions of %v", l.Axes, in[0])
		}
		out[i] = in[0][a]
	}
	return []tensor.Shape{out}, nil
}

func (l Permute) Forward32(c *Call[float32]) { permute(l, c) }
func (l Permute) Forward64(c *Call[float64]) { permute(l, c) }

// Attributes lists the axes.
func (l Permute) Attributes() []Attribute { return []Attribute{{"axes", fmt.Sprint(l.Axes)}} }

func permute[T tensor.Float](l Permute, c *Call[T]) {
	copy(c.Out[0].Data, tensor.Permute(c.In[0], l.Axes...).Data)
}

func (l Permute) Backward32(g *Gradient[float32]) { permuteBackward(l, g) }
func (l Permute) Backward64(g *Gradient[float64]) { permuteBackward(l, g) }

func permuteBackward[T tensor.Float](l Permute, g *Gradient[T]) {
	back := make([]int, len(l.Axes))
	for i, a := range l.Axes {
		back[a] = i
	}
	copy(g.InGrad[0].Data, tensor.Permute(g.OutGrad[0], back...).Data)
}
