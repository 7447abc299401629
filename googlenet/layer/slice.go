package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Slice cuts its input along one axis into consecutive parts, an output each: at Points, or with none into Parts of equal
// extent. It is Concat backwards.
type Slice struct {
	Axis   int
	Points []int // where the second and each later part begins; a part between two equal ones is empty
	Parts  int   // without Points
}

func (Slice) Kind() string { return "Slice" }

func (l Slice) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if l.Axis < 0 || l.Axis >= len(in[0]) {
		return nil, fmt.Errorf("Slice axis %d is outside the %d dimensions of %v", l.Axis, len(in[0]), in[0])
	}
	ends, err := l.ends(in[0][l.Axis])
	if err != nil {
		return nil, err
	}
	var out []tensor.Shape
	from := 0
	for _, to := range ends {
		s := in[0].Clone()
		s[l.Axis] = to - from
		out, from = append(out, s), to
	}
	return out, nil
}

// ends returns where each part ends along an axis of n.
func (l Slice) ends(n int) ([]int, error) {
	if len(l.Points) == 0 {
		if l.Parts < 1 || n%l.Parts != 0 {
			return nil, fmt.Errorf("%d parts must divide the extent %d of the axis", l.Parts, n)
		}
		ends := make([]int, l.Parts)
		for i := range ends {
			ends[i] = (i + 1) * (n / l.Parts)
		}
		return ends, nil
	}
	last := 0
	for _, p := range l.Points {
		if p < last || p > n {
			return nil, fmt.Errorf("the points %v must not decrease and lie within the extent %d of the axis", l.Points, n)
		}
		last = p
	}
	return append(append([]int(nil), l.Points...), n), nil
}

func (l Slice) Forward32(c *Call[float32]) { slice(l, c) }
func (l Slice) Forward64(c *Call[float64]) { slice(l, c) }

// Attributes lists the axis and where it is cut.
func (l Slice) Attributes() []Attribute {
	list := []Attribute{{"axis", strconv.Itoa(l.Axis)}}
	if len(l.Points) > 0 {
		return append(list, Attribute{"points", fmt.Sprint(l.Points)})
	}
	return append(list, Attribute{"parts", strconv.Itoa(l.Parts)})
}

// slice is the gradient of the concatenation of its outputs.
func slice[T tensor.Float](l Slice, c *Call[T]) {
	concatBackward(Concat{l.Axis}, &Gradient[T]{In: c.Out, InGrad: c.Out, OutGrad: c.In})
}

func (l Slice) Backward32(g *Gradient[float32]) { sliceBackward(l, g) }
func (l Slice) Backward64(g *Gradient[float64]) { sliceBackward(l, g) }

func sliceBackward[T tensor.Float](l Slice, g *Gradient[T]) {
	if g.InGrad[0] != nil {
		concat(Concat{l.Axis}, &Call[T]{In: g.OutGrad, Out: g.InGrad})
	}
}
