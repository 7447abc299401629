package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Crop cuts a piece with the extents of its second input, from Axis on, out of the first. The second gives nothing but
// its shape.
type Crop struct {
	Axis int
	// Offsets say where the piece begins: one for each axis from Axis on, one for all of them, or none for the beginning.
	Offsets []int
}

func (Crop) Kind() string { return "Crop" }

func (l Crop) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	axes := len(in[0]) - l.Axis
	if l.Axis < 0 || axes < 1 {
		return nil, fmt.Errorf("Crop axis %d is outside the %d dimensions of %v", l.Axis, len(in[0]), in[0])
	}
	if len(in[1]) < len(in[0]) {
		return nil, fmt.Errorf("the input %v that gives the size lacks dimensions of %v", in[1], in[0])
	}
	if n := len(l.Offsets); n > 1 && n != axes {
		return nil, fmt.Errorf("%d offsets do not fit the %d dimensions of %v from axis %d on", n, axes, in[0], l.Axis)
	}
	out := in[0].Clone()
	for i := l.Axis; i < len(out); i++ {
		out[i] = in[1][i]
		if at := l.offset(i); at < 0 || in[0][i]-at < out[i] {
			return nil, fmt.Errorf("a piece of %d from %d on is outside the extent %d of dimension %d", out[i], at, in[0][i], i)
		}
	}
	return []tensor.Shape{out}, nil
}

func (l Crop) offset(axis int) int {
	switch {
	case axis < l.Axis || len(l.Offsets) == 0:
		return 0
	case len(l.Offsets) == 1:
		return l.Offsets[0]
	}
	return l.Offsets[axis-l.Axis]
}

func (l Crop) Forward32(c *Call[float32]) { crop(l, c) }
func (l Crop) Forward64(c *Call[float64]) { crop(l, c) }

// Attributes lists the axis and the offsets.
func (l Crop) Attributes() []Attribute {
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"offsets", fmt.Sprint(l.Offsets)}}
}

func crop[T tensor.Float](l Crop, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	l.frame(len(x.Shape)).eachRow(y.Shape, x.Shape, func(piece, whole, n int) { copy(y.Data[piece:piece+n], x.Data[whole:whole+n]) })
}

// frame is what a padding would put before the piece to make the whole of it.
func (l Crop) frame(rank int) Pad {
	before := make([]int, rank)
	for i := range before {
		before[i] = l.offset(i)
	}
	return Pad{Before: before}
}

func (l Crop) Backward32(g *Gradient[float32]) { cropBackward(l, g) }
func (l Crop) Backward64(g *Gradient[float64]) { cropBackward(l, g) }

func cropBackward[T tensor.Float](l Crop, g *Gradient[T]) {
	g.InGrad[1] = nil
	to, d := g.InGrad[0], g.OutGrad[0]
	if to == nil {
		return
	}
	l.frame(len(to.Shape)).eachRow(d.Shape, to.Shape, func(piece, whole, n int) { copy(to.Data[whole:whole+n], d.Data[piece:piece+n]) })
}
