package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// ReverseSequence turns round, along the axis Time, so many of the first cells as its second input says for each cell along the
// axis Batch; those behind stay.
type ReverseSequence struct{ Batch, Time int }

func (ReverseSequence) Kind() string { return "ReverseSequence" }

func (l ReverseSequence) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	for _, axis := range []int{l.Batch, l.Time} {
		if err := checkAxes(l, in[0], axis, 1); err != nil {
			return nil, err
		}
	}
	if l.Batch == l.Time || len(in[1]) != 1 || in[1][0] != in[0][l.Batch] {
		return nil, fmt.Errorf("ReverseSequence along axis %d of %v needs a length for each cell along another axis, here %d, got %v", l.Time, in[0], l.Batch, in[1])
	}
	return []tensor.Shape{in[0].Clone()}, nil
}

// InferFrom refuses a length beyond the axis.
func (l ReverseSequence) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	extent := in[0].Dims()[l.Time]
	for i, v := range tensor.As[float64](in[1]).Data {
		if !(v >= 0 && v <= float64(extent)) {
			return nil, fmt.Errorf("the length %v of sequence %d is outside the extent %d of axis %d", v, i, extent, l.Time)
		}
	}
	return []tensor.Shape{in[0].Dims().Clone()}, nil
}

// Attributes lists the axes.
func (l ReverseSequence) Attributes() []Attribute {
	return []Attribute{{"batch axis", strconv.Itoa(l.Batch)}, {"time axis", strconv.Itoa(l.Time)}}
}

func (l ReverseSequence) Forward32(c *Call[float32]) { reverseSequence(l, c) }
func (l ReverseSequence) Forward64(c *Call[float64]) { reverseSequence(l, c) }

func reverseSequence[T tensor.Float](l ReverseSequence, c *Call[T]) {
	eachReversed(l, c.In[0].Shape, c.In[1].Data, func(from, to int) { c.Out[0].Data[to] = c.In[0].Data[from] })
}

// eachReversed calls f with the offsets of every element before and after.
func eachReversed[T tensor.Float](l ReverseSequence, s tensor.Shape, lengths []T, f func(from, to int)) {
	step := s[l.Time+1:].Len()
	for at := range s.Len() {
		index := s.Index(at)
		time, n := index[l.Time], int(lengths[index[l.Batch]])
		if time < n {
			f(at, at+(n-1-2*time)*step)
		} else {
			f(at, at)
		}
	}
}

func (l ReverseSequence) Backward32(g *Gradient[float32]) { reverseSequenceBackward(l, g) }
func (l ReverseSequence) Backward64(g *Gradient[float64]) { reverseSequenceBackward(l, g) }

func reverseSequenceBackward[T tensor.Float](l ReverseSequence, g *Gradient[T]) {
	g.InGrad[1] = nil
	if to := g.InGrad[0]; to != nil {
		eachReversed(l, g.In[0].Shape, g.In[1].Data, func(from, at int) { to.Data[from] = g.OutGrad[0].Data[at] })
	}
}
