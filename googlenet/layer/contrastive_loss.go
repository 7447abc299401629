package layer

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// ContrastiveLoss is the sum of a term for each of N pairs of items of the first two inputs, divided by 2 N; its output
// is a scalar. With d the Euclidean distance of a pair, the term is d^2 for similar pairs and max(Margin - d, 0)^2 for
// others (Hadsell, Chopra, LeCun 2006), or max(Margin - d^2, 0) as in older versions of Caffe.
//
// The third input says which pairs are similar: those where its integer part is not 0.
type ContrastiveLoss struct {
	Margin float64
	// SquaredDistance takes the margin off the squared distance.
	SquaredDistance bool
}

func (ContrastiveLoss) Kind() string { return "ContrastiveLoss" }

// Infer checks that both inputs have the same shape and that there is a similarity for each pair.
func (l ContrastiveLoss) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	err := arity(l, in, 3)
	if err == nil {
		err = batched(l, in)
	}
	switch {
	case err != nil:
	case in[0].Len() != in[1].Len():
		err = fmt.Errorf("%s takes pairs of the same size, got %v and %v", l.Kind(), in[0], in[1])
	case in[2].Len() < in[0][0]:
		err = fmt.Errorf("%s needs to know of each of %d pairs whether it is similar, got %v", l.Kind(), in[0][0], in[2])
	}
	return lossOf(err)
}

// Attributes lists the margin and what it is compared with.
func (l ContrastiveLoss) Attributes() []Attribute {
	compared := "distance"
	if l.SquaredDistance {
		compared = "squared distance"
	}
	return []Attribute{{"margin", number(l.Margin)}, {"margin of", compared}}
}

func (l ContrastiveLoss) Forward32(c *Call[float32]) { contrastiveLoss(l, c) }
func (l ContrastiveLoss) Forward64(c *Call[float64]) { contrastiveLoss(l, c) }

func contrastiveLoss[T tensor.Float](l ContrastiveLoss, c *Call[T]) {
	items := Items(c.In[0].Shape)
	var sum T
	for i := range items.Outer {
		square, margin := squaredDistance(c.In, items, i), T(l.Margin)
		switch {
		case Label(c.In[2].Data[i]) != 0:
			sum += square
		case l.SquaredDistance:
			sum += max(margin-square, 0)
		default:
			short := max(margin-T(math.Sqrt(float64(square))), 0)
			sum += short * short
		}
	}
	c.Out[0].Data[0] = sum / T(items.Outer) / 2
}

func squaredDistance[T tensor.Float](in []*tensor.Tensor[T], items Classes, i int) (sum T) {
	for k := range items.Count {
		d := in[0].Data[items.At(i, k)] - in[1].Data[items.At(i, k)]
		sum += d * d
	}
	return sum
}

func (l ContrastiveLoss) Backward32(g *Gradient[float32]) { contrastiveLossBackward(l, g) }
func (l ContrastiveLoss) Backward64(g *Gradient[float64]) { contrastiveLossBackward(l, g) }

// contrastiveLossBackward: da = dy/N f (a - b), db = -da, with the pair's factor f.
func contrastiveLossBackward[T tensor.Float](l ContrastiveLoss, g *Gradient[T]) {
	g.InGrad[2] = nil
	items := Items(g.In[0].Shape)
	by := g.OutGrad[0].Data[0] / T(items.Outer)
	for i := range items.Outer {
		f := by * contrastiveFactor(l, squaredDistance(g.In, items, i), Label(g.In[2].Data[i]) != 0)
		for side, sign := range []T{1, -1} {
			if g.InGrad[side] == nil {
				continue
			}
			for k := range items.Count {
				at := items.At(i, k)
				g.InGrad[side].Data[at] = sign * f * (g.In[0].Data[at] - g.In[1].Data[at])
			}
		}
	}
}

// DistanceOffset is what Caffe adds to the distance that it divides by in the gradient, which is so a little less than
// the derivative.
const DistanceOffset = 1e-4

// contrastiveFactor is 1 for similar pairs; for others, within the margin, -(Margin - d)/(d + DistanceOffset), or -1 for
// the squared distance.
func contrastiveFactor[T tensor.Float](l ContrastiveLoss, square T, similar bool) T {
	if similar {
		return 1
	}
	distance := T(math.Sqrt(float64(square)))
	short := T(l.Margin) - distance
	if l.SquaredDistance {
		short = T(l.Margin) - square
	}
	switch {
	case !(short > 0):
		return 0
	case l.SquaredDistance:
		return -1
	}
	return -short / (distance + DistanceOffset)
}
