package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// GatherElements looks a place up along Axis of its first input for every element of the second, which gives whole numbers, whose
// fractions are cut off: with Axis 1 of two,
//
//	y[i,j] = x[i,index[i,j]]
//
// The output has the shape of the indices, whose other extents are at most those of the first input.
type GatherElements struct{ Axis int }

func (GatherElements) Kind() string { return "GatherElements" }

func (l GatherElements) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	x, index := in[0], in[1]
	if err := checkAxes(l, x, l.Axis, 1); err != nil {
		return nil, err
	}
	fits := len(x) == len(index)
	for a := 0; fits && a < len(x); a++ {
		fits = a == l.Axis || index[a] <= x[a]
	}
	if !fits {
		return nil, fmt.Errorf("GatherElements along axis %d of %v cannot look up indices of shape %v", l.Axis, x, index)
	}
	return []tensor.Shape{index.Clone()}, nil
}

// InferFrom refuses an index outside the axis.
func (l GatherElements) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	extent := in[0].Dims()[l.Axis]
	for i, v := range tensor.As[float64](in[1]).Data {
		if !(v > -1 && v < float64(extent)) {
			return nil, fmt.Errorf("the index %v at %v is outside the extent %d of axis %d", v, in[1].Dims().Index(i), extent, l.Axis)
		}
	}
	return l.Infer([]tensor.Shape{in[0].Dims(), in[1].Dims()})
}

// Attributes lists the axis.
func (l GatherElements) Attributes() []Attribute {
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}}
}

func (l GatherElements) Forward32(c *Call[float32]) { gatherElements(l, c) }
func (l GatherElements) Forward64(c *Call[float64]) { gatherElements(l, c) }

func gatherElements[T tensor.Float](l GatherElements, c *Call[T]) {
	EachElementGathered(l, c.In[0].Shape, c.In[1], func(i, from, step, row int) {
		c.Out[0].Data[i] = c.In[0].Data[from+row*step]
	})
}

func (l GatherElements) Backward32(g *Gradient[float32]) { gatherElementsBackward(l, g) }
func (l GatherElements) Backward64(g *Gradient[float64]) { gatherElementsBackward(l, g) }

// gatherElementsBackward adds up the gradients of all outputs that show a place. The indices have no gradient.
func gatherElementsBackward[T tensor.Float](l GatherElements, g *Gradient[T]) {
	g.InGrad[1] = nil
	to := g.InGrad[0]
	if to == nil {
		return
	}
	EachElementGathered(l, to.Shape, g.In[1], func(i, from, step, row int) {
		to.Data[from+row*step] += g.OutGrad[0].Data[i]
	})
}

// EachElementGathered calls f for every look-up in a tensor of shape s: the offset of the index, that of the first place that it may
// point to, the distance of the places, and which of them it points to.
func EachElementGathered[T tensor.Float](l GatherElements, s tensor.Shape, index *tensor.Tensor[T], f func(i, from, step, row int)) {
	step := s[l.Axis+1:].Len()
	eachRow(index.Data, s[l.Axis], func(i, row int) {
		from := 0
		for a, at := range index.Shape.Index(i) {
			if a == l.Axis {
				at = 0
			}
			from = from*s[a] + at
		}
		f(i, from, step, row)
	})
}
