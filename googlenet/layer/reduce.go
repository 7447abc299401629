package layer

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Reducer is what a Reduce makes of numbers.
type Reducer string

// The reducers. All and Any read everything but 0 as true and have no gradients.
const (
	ReduceSum     Reducer = "sum"
	ReduceMean    Reducer = "mean"
	ReduceMax     Reducer = "maximum"
	ReduceMin     Reducer = "minimum"
	ReduceProduct Reducer = "product"
	ReduceNorm    Reducer = "root of the sum of squares"
	ReduceAll     Reducer = "all"
	ReduceAny     Reducer = "any"
)

// Reduce makes one number of all elements along some axes; none leave everything as it is, but for the operation on single
// elements. With Keep the axes stay with an extent of 1.
//
// Elements that tie for a maximum or minimum share its gradient equally, as in TensorFlow.
type Reduce struct {
	Reducer Reducer
	Axes    []int
	Keep    bool
}

func (Reduce) Kind() string { return "Reduce" }

func (l Reduce) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	for i, a := range l.Axes {
		if a < 0 || a >= len(in[0]) || slices.Contains(l.Axes[:i], a) {
			return nil, fmt.Errorf("Reduce axes %v should be different ones of the %d dimensions of %v", l.Axes, len(in[0]), in[0])
		}
	}
	out := tensor.Shape{}
	for a, d := range in[0] {
		switch {
		case !slices.Contains(l.Axes, a):
			out = append(out, d)
		case l.Keep:
			out = append(out, 1)
		}
	}
	return []tensor.Shape{out}, nil
}

// Attributes lists the settings.
func (l Reduce) Attributes() []Attribute {
	list := []Attribute{{"operation", string(l.Reducer)}, {"axes", fmt.Sprint(l.Axes)}}
	if l.Keep {
		list = append(list, Attribute{"keeps axes", "yes"})
	}
	return list
}

// Lists says which elements of a tensor are reduced together: the offset of the first one for every result, and the distance
// of all from the first.
type Lists struct{ Starts, Steps []int }

// Lists returns those of a shape.
func (l Reduce) Lists(s tensor.Shape) Lists {
	lists := Lists{[]int{0}, []int{0}}
	stride := 1
	for a := len(s) - 1; a >= 0; a-- {
		if slices.Contains(l.Axes, a) {
			lists.Steps = alongAxis(lists.Steps, s[a], stride)
		} else {
			lists.Starts = alongAxis(lists.Starts, s[a], stride)
		}
		stride *= s[a]
	}
	return lists
}

func (l Reduce) Forward32(c *Call[float32]) { reduce(l, c) }
func (l Reduce) Forward64(c *Call[float64]) { reduce(l, c) }

func reduce[T tensor.Float](l Reduce, c *Call[T]) {
	x, y, lists := c.In[0].Data, c.Out[0].Data, l.Lists(c.In[0].Shape)
	f := reducers[l.Reducer]
	parallel.For(c.Workers, len(y), func(i int) {
		total := f.start
		for _, step := range lists.Steps {
			total = f.join(total, float64(x[lists.Starts[i]+step]))
		}
		if f.finish != nil {
			total = f.finish(total, len(lists.Steps))
		}
		y[i] = T(total)
	})
}

// reducers holds a row for every reducer: it joins one element after the other to what it starts with. The work is done in float64 so that
// long sums do not lose what short ones keep.
var reducers = map[Reducer]struct {
	start  float64
	join   func(total, x float64) float64
	finish func(total float64, n int) float64
}{
	ReduceSum:     {0, plus, nil},
	ReduceMean:    {0, plus, func(total float64, n int) float64 { return total / float64(n) }},
	ReduceMax:     {math.Inf(-1), larger[float64], nil},
	ReduceMin:     {math.Inf(1), smaller[float64], nil},
	ReduceProduct: {1, func(total, x float64) float64 { return total * x }, nil},
	ReduceNorm:    {0, func(total, x float64) float64 { return total + x*x }, func(total float64, _ int) float64 { return math.Sqrt(total) }},
	ReduceAll:     {1, func(total, x float64) float64 { return truth[float64](total != 0 && x != 0) }, nil},
	ReduceAny:     {0, func(total, x float64) float64 { return truth[float64](total != 0 || x != 0) }, nil},
}

func plus(a, b float64) float64 { return a + b }

func (l Reduce) Backward32(g *Gradient[float32]) { reduceBackward(l, g) }
func (l Reduce) Backward64(g *Gradient[float64]) { reduceBackward(l, g) }

func reduceBackward[T tensor.Float](l Reduce, g *Gradient[T]) {
	if l.Reducer == ReduceAll || l.Reducer == ReduceAny {
		g.InGrad[0] = nil
	}
	if g.InGrad[0] == nil {
		return
	}
	lists := l.Lists(g.In[0].Shape)
	x, to := make([]T, len(lists.Steps)), make([]T, len(lists.Steps))
	for i, start := range lists.Starts {
		for k, step := range lists.Steps {
			x[k] = g.In[0].Data[start+step]
		}
		reduceGradient(l.Reducer, x, g.Out[0].Data[i], g.OutGrad[0].Data[i], to)
		for k, step := range lists.Steps {
			g.InGrad[0].Data[start+step] = to[k]
		}
	}
}

// reduceGradient writes the gradients of numbers x that were reduced to y.
func reduceGradient[T tensor.Float](r Reducer, x []T, y, d T, to []T) {
	switch r {
	case ReduceMax, ReduceMin:
		shareTies(x, y, d, to)
	case ReduceProduct:
		ProductsOfOthers(x, to, func(a, b T) T { return a * b }, 1)
		for k := range to {
			to[k] *= d
		}
	default:
		for k, v := range x {
			switch to[k] = d; r {
			case ReduceMean:
				to[k] = d / T(len(x))
			case ReduceNorm:
				to[k] = v / (y / d)
			}
		}
	}
}

func shareTies[T tensor.Float](x []T, y, d T, to []T) {
	ties := T(0)
	for _, v := range x {
		ties += truth[T](v == y)
	}
	for k, v := range x {
		to[k] = truth[T](v == y) / ties * d
	}
}

// ProductsOfOthers writes for each number the product of all others, without a division: of those before it and of those
// behind it, as TensorFlow does.
func ProductsOfOthers[N any](x, to []N, times func(a, b N) N, one N) {
	before := one
	for k, v := range x {
		to[k] = before
		before = times(before, v)
	}
	behind := one
	for k := len(x) - 1; k >= 0; k-- {
		to[k] = times(to[k], behind)
		behind = times(behind, x[k])
	}
}
