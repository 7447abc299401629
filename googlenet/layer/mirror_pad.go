package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// MirrorPad surrounds a tensor with its own mirror image: Before[i] and After[i] cells along dimension i, which are no more
// than there are behind the mirror.
type MirrorPad struct {
	Before, After []int
	// Edge puts the mirror between the outermost cell and the first one outside, so that the former is repeated; without it,
	// the mirror goes through the outermost cell.
	Edge bool
}

func (MirrorPad) Kind() string { return "MirrorPad" }

func (l MirrorPad) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := Pad{Before: l.Before, After: l.After}.Infer(in)
	if err != nil {
		return nil, err
	}
	for i, n := range in[0] {
		if most := n - l.through(); max(l.Before[i], l.After[i]) > max(most, 0) {
			return nil, fmt.Errorf("a mirror along dimension %d of %v shows at most %d cells, not %d and %d", i, in[0], most, l.Before[i], l.After[i])
		}
	}
	return out, nil
}

// through is the number of outermost cells that are not repeated.
func (l MirrorPad) through() int {
	if l.Edge {
		return 0
	}
	return 1
}

func (l MirrorPad) Forward32(c *Call[float32]) { mirrorPad(l, c) }
func (l MirrorPad) Forward64(c *Call[float64]) { mirrorPad(l, c) }

// Attributes lists the padding before and after every dimension, and where the mirror stands.
func (l MirrorPad) Attributes() []Attribute {
	mirror := "through the outermost cell"
	if l.Edge {
		mirror = "behind the outermost cell"
	}
	return []Attribute{{"before", fmt.Sprint(l.Before)}, {"after", fmt.Sprint(l.After)}, {"mirror", mirror}}
}

func mirrorPad[T tensor.Float](l MirrorPad, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	l.each(x.Shape, y.Shape, func(in, out int) { y.Data[out] = x.Data[in] })
}

func (l MirrorPad) Backward32(g *Gradient[float32]) { mirrorPadBackward(l, g) }
func (l MirrorPad) Backward64(g *Gradient[float64]) { mirrorPadBackward(l, g) }

// mirrorPadBackward adds up the gradients of a cell and of its images.
func mirrorPadBackward[T tensor.Float](l MirrorPad, g *Gradient[T]) {
	to, d := g.InGrad[0], g.OutGrad[0]
	l.each(to.Shape, d.Shape, func(in, out int) { to.Data[in] += d.Data[out] })
}

// each calls f with the offset of every cell of the output, and of the input's cell that it shows.
func (l MirrorPad) each(x, y tensor.Shape, f func(in, out int)) {
	for out := range y.Len() {
		in := 0
		for d, at := range y.Index(out) {
			in = in*x[d] + l.source(at-l.Before[d], x[d])
		}
		f(in, out)
	}
}

// source is the place along an axis of n cells that the one at shows.
func (l MirrorPad) source(at, n int) int {
	switch {
	case at < 0:
		return -at - 1 + l.through()
	case at >= n:
		return 2*n - 1 - at - l.through()
	}
	return at
}
