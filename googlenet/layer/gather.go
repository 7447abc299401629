package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Gather looks up, along one axis of its first input, the places that the second one gives: whole numbers, whose fractions
// are cut off. The output has the first input's axes, with those of the indices in the place of Axis:
//
//	y[p..., b..., i..., q...] = x[p..., index[b..., i...], q...]
//
// Batch is the number of leading axes that both inputs share, each of which is looked up in its own part of the first; they
// are among those before Axis.
type Gather struct{ Axis, Batch int }

func (Gather) Kind() string { return "Gather" }

func (l Gather) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	x, index := in[0], in[1]
	if l.Axis < 0 || l.Axis >= len(x) {
		return nil, fmt.Errorf("Gather axis %d is outside the %d dimensions of %v", l.Axis, len(x), x)
	}
	if l.Batch < 0 || l.Batch > l.Axis || l.Batch > len(index) {
		return nil, fmt.Errorf("%d shared axes must stand before axis %d of %v, and be axes of %v", l.Batch, l.Axis, x, index)
	}
	if !x[:l.Batch].Equal(index[:l.Batch]) {
		return nil, fmt.Errorf("the first %d extents of %v and %v must be the same", l.Batch, x, index)
	}
	out := append(tensor.Shape{}, x[:l.Axis]...)
	out = append(out, index[l.Batch:]...)
	return []tensor.Shape{append(out, x[l.Axis+1:]...)}, nil
}

// InferFrom refuses an index outside the axis.
func (l Gather) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	extent := in[0].Dims()[l.Axis]
	for i, v := range tensor.As[float64](in[1]).Data {
		if !(v > -1 && v < float64(extent)) {
			return nil, fmt.Errorf("the index %v at %v is outside the extent %d of axis %d", v, in[1].Dims().Index(i), extent, l.Axis)
		}
	}
	return l.Infer([]tensor.Shape{in[0].Dims(), in[1].Dims()})
}

func (l Gather) Forward32(c *Call[float32]) { gather(l, c) }
func (l Gather) Forward64(c *Call[float64]) { gather(l, c) }

// Attributes lists the axis and the number of shared axes, if any.
func (l Gather) Attributes() []Attribute {
	list := []Attribute{{"axis", strconv.Itoa(l.Axis)}}
	if l.Batch > 0 {
		list = append(list, Attribute{"shared axes", strconv.Itoa(l.Batch)})
	}
	return list
}

func gather[T tensor.Float](l Gather, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	EachGathered(l, x.Shape, c.In[1], func(_, row, from, to, n int) { copy(y.Data[to:to+n], x.Data[from+row*n:]) })
}

func (l Gather) Backward32(g *Gradient[float32]) { gatherBackward(l, g) }
func (l Gather) Backward64(g *Gradient[float64]) { gatherBackward(l, g) }

// gatherBackward adds up the gradients of all outputs that show a place. The indices have no gradient.
func gatherBackward[T tensor.Float](l Gather, g *Gradient[T]) {
	g.InGrad[1] = nil
	to, d := g.InGrad[0], g.OutGrad[0]
	if to == nil {
		return
	}
	EachGathered(l, to.Shape, g.In[1], func(_, row, from, at, n int) {
		axpy(1, d.Data[at:at+n], to.Data[from+row*n:][:n])
	})
}

// EachGathered calls f for every look-up: the offset of the index, the row that it points to, and the offsets of the part of
// x of shape s whose rows of n elements it is looked up in, and of the output's row.
func EachGathered[T tensor.Float](l Gather, s tensor.Shape, index *tensor.Tensor[T], f func(i, row, from, to, n int)) {
	n, extent := s[l.Axis+1:].Len(), s[l.Axis]
	between := s[l.Batch:l.Axis].Len() // parts that share the indices of one batch
	each := index.Shape[l.Batch:].Len()
	for part := range s[:l.Axis].Len() {
		first := part / between * each
		eachRow(index.Data[first:first+each], extent, func(i, row int) {
			f(first+i, row, part*extent*n, (part*each+i)*n, n)
		})
	}
}
