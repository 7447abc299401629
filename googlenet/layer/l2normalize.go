package layer

import (
	"math"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// L2Normalize divides by the root of the sum of the squares along some axes, which counts as Epsilon where it is smaller:
//
//	y = x / sqrt(max(sum x^2, Epsilon))
type L2Normalize struct {
	Axes    []int
	Epsilon float64
}

func (L2Normalize) Kind() string { return "L2Normalize" }

func (l L2Normalize) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := same(l, in)
	if err == nil {
		_, err = l.sums().Infer(in)
	}
	return out, err
}

func (l L2Normalize) Forward32(c *Call[float32]) { l2Normalize(l, c) }
func (l L2Normalize) Forward64(c *Call[float64]) { l2Normalize(l, c) }

// Attributes lists the settings.
func (l L2Normalize) Attributes() []Attribute {
	return append(l.sums().Attributes()[1:], Attribute{"epsilon", number(l.Epsilon)})
}

// sums is the reduction that goes over the same axes.
func (l L2Normalize) sums() Reduce { return Reduce{Reducer: ReduceSum, Axes: l.Axes} }

// Lists says which elements are normalised together.
func (l L2Normalize) Lists(s tensor.Shape) Lists { return l.sums().Lists(s) }

func l2Normalize[T tensor.Float](l L2Normalize, c *Call[T]) {
	x, y, lists := c.In[0].Data, c.Out[0].Data, l.Lists(c.In[0].Shape)
	parallel.For(c.Workers, len(lists.Starts), func(i int) {
		norm := T(math.Sqrt(max(squares(x, lists, i), l.Epsilon)))
		for _, step := range lists.Steps {
			at := lists.Starts[i] + step
			y[at] = x[at] / norm
		}
	})
}

// squares adds up those of a list, in float64 so that long sums do not lose what short ones keep.
func squares[T tensor.Float](x []T, lists Lists, i int) float64 {
	sum := 0.0
	for _, step := range lists.Steps {
		v := float64(x[lists.Starts[i]+step])
		sum += v * v
	}
	return sum
}

func (l L2Normalize) Backward32(g *Gradient[float32]) { l2NormalizeBackward(l, g) }
func (l L2Normalize) Backward64(g *Gradient[float64]) { l2NormalizeBackward(l, g) }

// l2NormalizeBackward: dx = (dy - y sum dy y) / sqrt(sum x^2) or, where Epsilon counts, dy / sqrt(Epsilon).
func l2NormalizeBackward[T tensor.Float](l L2Normalize, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	x, y, d, to, lists := g.In[0].Data, g.Out[0].Data, g.OutGrad[0].Data, g.InGrad[0].Data, l.Lists(g.In[0].Shape)
	parallel.For(g.Workers, len(lists.Starts), func(i int) {
		sum, along := squares(x, lists, i), 0.0
		norm := T(math.Sqrt(max(sum, l.Epsilon)))
		if sum >= l.Epsilon {
			for _, step := range lists.Steps {
				at := lists.Starts[i] + step
				along += float64(d[at] * y[at])
			}
		}
		for _, step := range lists.Steps {
			at := lists.Starts[i] + step
			to[at] = (d[at] - y[at]*T(along)) / norm
		}
	})
}
