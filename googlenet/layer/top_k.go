package layer

import (
	"fmt"
	"slices"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// TopK picks the K largest numbers along an axis, or with Least the smallest, from the extreme one on. The second output holds their
// places, which have no gradient. Of equal numbers the one before comes first; what is no number comes last.
type TopK struct {
	Axis, K int
	Least   bool
}

func (TopK) Kind() string { return "TopK" }

func (l TopK) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if err := checkAxes(l, in[0], l.Axis, 1); err != nil {
		return nil, err
	}
	if l.K < 0 || l.K > in[0][l.Axis] {
		return nil, fmt.Errorf("TopK cannot pick %d numbers along axis %d of %v", l.K, l.Axis, in[0])
	}
	out := in[0].Clone()
	out[l.Axis] = l.K
	return []tensor.Shape{out, out.Clone()}, nil
}

// Attributes lists the axis, how many are picked, and which.
func (l TopK) Attributes() []Attribute {
	which := "largest"
	if l.Least {
		which = "smallest"
	}
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"picks", strconv.Itoa(l.K)}, {"of the", which}}
}

func (l TopK) Forward32(c *Call[float32]) { topK(l, c) }
func (l TopK) Forward64(c *Call[float64]) { topK(l, c) }

func topK[T tensor.Float](l TopK, c *Call[T]) {
	from, to := ClassesOf(c.In[0].Shape, l.Axis), ClassesOf(c.Out[0].Shape, l.Axis)
	parallel.For(c.Workers, from.Rows(), func(row int) {
		for k, place := range Ranked(l, c.In[0], row)[:l.K] {
			c.Out[0].Data[to.At(row, k)] = c.In[0].Data[from.At(row, place)]
			c.Out[1].Data[to.At(row, k)] = T(place)
		}
	})
}

// Ranked lists the places of a row in the order in which they are picked.
func Ranked[T tensor.Float](l TopK, x *tensor.Tensor[T], row int) []int {
	rows := ClassesOf(x.Shape, l.Axis)
	places := make([]int, rows.Count)
	for k := range places {
		places[k] = k
	}
	slices.SortStableFunc(places, func(a, b int) int {
		v, w := x.Data[rows.At(row, a)], x.Data[rows.At(row, b)]
		switch {
		case w != w && v == v, v == v && (v > w) != l.Least && v != w:
			return -1
		case v != v && w == w, w == w && (w > v) != l.Least && v != w:
			return 1
		}
		return 0
	})
	return places
}

func (l TopK) Backward32(g *Gradient[float32]) { topKBackward(l, g) }
func (l TopK) Backward64(g *Gradient[float64]) { topKBackward(l, g) }

// topKBackward gives the gradient of every picked number to its place.
func topKBackward[T tensor.Float](l TopK, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	from, to := ClassesOf(g.In[0].Shape, l.Axis), ClassesOf(g.Out[0].Shape, l.Axis)
	for row := range from.Rows() {
		for k := range l.K {
			place := int(g.Out[1].Data[to.At(row, k)])
			g.InGrad[0].Data[from.At(row, place)] += g.OutGrad[0].Data[to.At(row, k)]
		}
	}
}
