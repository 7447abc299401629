package layer

import (
	"fmt"
	"strings"

	"parity/googlenet/tensor"
)

// StridedSlice picks a regular grid of cells: along each dimension those of a Range. Negative places count from the end, and
// places outside are moved to the nearest one inside, as Python's slices have it.
type StridedSlice struct {
	Ranges []Range // one for each dimension
	// New are places of the output, increasing, where an axis of one cell is put in.
	New []int
}

// Range is the places Begin, Begin+Stride, ... before End, or above it for a negative stride.
type Range struct {
	Begin, End, Stride int
	// BeginOpen and EndOpen leave out a bound: the range reaches to the edge.
	BeginOpen, EndOpen bool
	// Drop takes the one place Begin, which must exist, and drops the axis.
	Drop bool
}

// Whole is the range of all places.
var Whole = Range{Stride: 1, BeginOpen: true, EndOpen: true}

// String writes the range as Python does.
func (r Range) String() string {
	if r.Drop {
		return fmt.Sprint(r.Begin)
	}
	bound := func(at int, open bool) string {
		if open {
			return ""
		}
		return fmt.Sprint(at)
	}
	s := bound(r.Begin, r.BeginOpen) + ":" + bound(r.End, r.EndOpen)
	if r.Stride != 1 {
		s += fmt.Sprintf(":%d", r.Stride)
	}
	return s
}

// over returns the first place along an axis of n cells, and how many there are.
func (r Range) over(n int) (first, count int) {
	if r.Drop {
		return within(r.Begin, n, 0, n), 1
	}
	lowest, highest := 0, n
	if r.Stride < 0 {
		lowest, highest = -1, n-1
	}
	first, end := within(r.Begin, n, lowest, highest), within(r.End, n, lowest, highest)
	if r.BeginOpen {
		first = lowest
		if r.Stride < 0 {
			first = highest
		}
	}
	if r.EndOpen {
		end = highest
		if r.Stride < 0 {
			end = lowest
		}
	}
	if r.Stride > 0 {
		return first, max((end-first+r.Stride-1)/r.Stride, 0)
	}
	return first, max((first-end-r.Stride-1)/-r.Stride, 0)
}

// within counts a negative place from the end and moves it between the bounds.
func within(at, n, lowest, highest int) int {
	if at < 0 {
		at += n
	}
	return min(max(at, lowest), highest)
}

func (StridedSlice) Kind() string { return "StridedSlice" }

func (l StridedSlice) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if len(l.Ranges) != len(in[0]) {
		return nil, fmt.Errorf("%d ranges do not fit the %d dimensions of %v", len(l.Ranges), len(in[0]), in[0])
	}
	var out tensor.Shape
	for i, r := range l.Ranges {
		if r.Stride == 0 {
			return nil, fmt.Errorf("the stride along dimension %d must not be zero", i)
		}
		if r.Drop && (r.Begin < -in[0][i] || r.Begin >= in[0][i]) {
			return nil, fmt.Errorf("place %d is outside the extent %d of dimension %d", r.Begin, in[0][i], i)
		}
		if _, count := r.over(in[0][i]); !r.Drop {
			out = append(out, count)
		}
	}
	for _, at := range l.New {
		if at < 0 || at > len(out) {
			return nil, fmt.Errorf("an axis cannot be put in at %d of %v", at, out)
		}
		out = append(out[:at:at], append(tensor.Shape{1}, out[at:]...)...)
	}
	return []tensor.Shape{append(tensor.Shape{}, out...)}, nil
}

func (l StridedSlice) Forward32(c *Call[float32]) { stridedSlice(l, c) }
func (l StridedSlice) Forward64(c *Call[float64]) { stridedSlice(l, c) }

// Attributes lists the ranges as Python writes them, and the new axes.
func (l StridedSlice) Attributes() []Attribute {
	var ranges []string
	for _, r := range l.Ranges {
		ranges = append(ranges, r.String())
	}
	list := []Attribute{{"ranges", "[" + strings.Join(ranges, ", ") + "]"}}
	if len(l.New) > 0 {
		list = append(list, Attribute{"new axes", fmt.Sprint(l.New)})
	}
	return list
}

func stridedSlice[T tensor.Float](l StridedSlice, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	l.each(x.Shape, func(in, out int) { y.Data[out] = x.Data[in] })
}

// each calls f with the offsets of every cell that is picked, in the input and in the output.
func (l StridedSlice) each(x tensor.Shape, f func(in, out int)) {
	first := 0
	counts, steps := make(tensor.Shape, len(x)), make([]int, len(x))
	for i, r := range l.Ranges {
		at, count := r.over(x[i])
		inner := x[i+1:].Len()
		first += at * inner
		counts[i], steps[i] = count, r.Stride*inner
	}
	for out := range counts.Len() {
		in := first
		for i, at := range counts.Index(out) {
			in += at * steps[i]
		}
		f(in, out)
	}
}

func (l StridedSlice) Backward32(g *Gradient[float32]) { stridedSliceBackward(l, g) }
func (l StridedSlice) Backward64(g *Gradient[float64]) { stridedSliceBackward(l, g) }

func stridedSliceBackward[T tensor.Float](l StridedSlice, g *Gradient[T]) {
	to, d := g.InGrad[0], g.OutGrad[0]
	if to == nil {
		return
	}
	l.each(to.Shape, func(in, out int) { to.Data[in] = d.Data[out] })
}
