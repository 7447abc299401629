package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// GatherND looks up the places that its second input gives along the leading axes of the first: the last axis of the indices holds, for
// each look-up, a whole number for each of these axes. Batch is the number of leading axes that both inputs share:
//
//	y[b..., i..., q...] = x[b..., index[b..., i..., :], q...]
type GatherND struct{ Batch int }

func (GatherND) Kind() string { return "GatherND" }

func (l GatherND) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	x, index := in[0], in[1]
	depth, err := checkIndices(l, x, index, l.Batch)
	if err != nil {
		return nil, err
	}
	out := append(tensor.Shape{}, index[:len(index)-1]...)
	return []tensor.Shape{append(out, x[l.Batch+depth:]...)}, nil
}

// checkIndices refuses indices that do not fit a tensor, and returns along how many of its axes they are.
func checkIndices(l Layer, x, index tensor.Shape, batch int) (depth int, err error) {
	if len(index) == 0 || batch < 0 || batch >= len(index) || batch > len(x) || !x[:batch].Equal(index[:batch]) {
		return 0, fmt.Errorf("%s: %d leading axes of %v and of the indices %v should be the same", l.Kind(), batch, x, index)
	}
	if depth = index[len(index)-1]; depth > len(x)-batch {
		return 0, fmt.Errorf("%s: indices along %d axes do not fit %v, of which %d axes are shared", l.Kind(), depth, x, batch)
	}
	return depth, nil
}

// InferFrom refuses an index outside its axis.
func (l GatherND) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	shapes := []tensor.Shape{in[0].Dims(), in[1].Dims()}
	if err := checkPlaces(l, shapes[0], tensor.As[float64](in[1]), l.Batch); err != nil {
		return nil, err
	}
	return l.Infer(shapes)
}

func checkPlaces(l Layer, x tensor.Shape, index *tensor.Tensor[float64], batch int) error {
	depth := index.Shape[len(index.Shape)-1]
	for i, v := range index.Data {
		if axis := batch + i%depth; !(v > -1 && v < float64(x[axis])) {
			return fmt.Errorf("%s: the index %v at %v is outside the extent %d of axis %d", l.Kind(), v, index.Shape.Index(i), x[axis], axis)
		}
	}
	return nil
}

// Attributes lists the number of shared axes, if any.
func (l GatherND) Attributes() []Attribute {
	if l.Batch == 0 {
		return nil
	}
	return []Attribute{{"shared axes", strconv.Itoa(l.Batch)}}
}

func (l GatherND) Forward32(c *Call[float32]) { gatherND(l, c) }
func (l GatherND) Forward64(c *Call[float64]) { gatherND(l, c) }

func gatherND[T tensor.Float](l GatherND, c *Call[T]) {
	EachPlace(c.In[0].Shape, c.In[1], l.Batch, func(at, to, n int) { copy(c.Out[0].Data[to:to+n], c.In[0].Data[at:]) })
}

func (l GatherND) Backward32(g *Gradient[float32]) { gatherNDBackward(l, g) }
func (l GatherND) Backward64(g *Gradient[float64]) { gatherNDBackward(l, g) }

// gatherNDBackward adds up the gradients of all outputs that show a place. The indices have no gradient.
func gatherNDBackward[T tensor.Float](l GatherND, g *Gradient[T]) {
	g.InGrad[1] = nil
	to := g.InGrad[0]
	if to == nil {
		return
	}
	EachPlace(to.Shape, g.In[1], l.Batch, func(at, from, n int) { axpy(1, g.OutGrad[0].Data[from:from+n], to.Data[at:at+n]) })
}

// EachPlace calls f for every look-up in a tensor of shape s: the offset of the n elements that it points to, and that of as many among
// those of all look-ups. One that points nowhere, which InferFrom refuses, is passed over.
func EachPlace[T tensor.Float](s tensor.Shape, index *tensor.Tensor[T], batch int, f func(at, to, n int)) {
	depth := index.Shape[len(index.Shape)-1]
	n, lookups := s[batch+depth:].Len(), index.Shape[:len(index.Shape)-1]
	each := lookups[batch:].Len()
	for i := range lookups.Len() {
		at, inside := 0, true
		if each > 0 {
			at = i / each
		}
		for k, v := range index.Data[i*depth : (i+1)*depth] {
			extent := s[batch+k]
			inside = inside && v > -1 && v < T(extent)
			at = at*extent + int(v)
		}
		if inside {
			f(at*n, i*n, n)
		}
	}
}
