package layer

import (
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Cumulative adds up along an axis what comes before, each number itself included, or with Product multiplies it. Exclusive leaves the number
// itself out, so that the first is 0, or 1; Reverse goes from the end to the beginning.
type Cumulative struct {
	Axis                        int
	Product, Exclusive, Reverse bool
}

func (Cumulative) Kind() string { return "Cumulative" }

func (l Cumulative) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return sameAlong(l, in, l.Axis) }

// Attributes lists the axis and what differs from a sum of all up to here.
func (l Cumulative) Attributes() []Attribute {
	list := []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"of", map[bool]string{false: "sums", true: "products"}[l.Product]}}
	if l.Exclusive {
		list = append(list, Attribute{"without", "the number itself"})
	}
	if l.Reverse {
		list = append(list, Attribute{"from", "the end"})
	}
	return list
}

func (l Cumulative) Forward32(c *Call[float32]) { cumulative(l, c) }
func (l Cumulative) Forward64(c *Call[float64]) { cumulative(l, c) }

func cumulative[T tensor.Float](l Cumulative, c *Call[T]) {
	x, y := c.In[0].Data, c.Out[0].Data
	rows := ClassesOf(c.In[0].Shape, l.Axis)
	parallel.For(c.Workers, rows.Rows(), func(row int) {
		total := truth[float64](l.Product)
		l.Each(rows, row, func(at int) {
			before := total
			if l.Product {
				total *= float64(x[at])
			} else {
				total += float64(x[at])
			}
			y[at] = T(total)
			if l.Exclusive {
				y[at] = T(before)
			}
		})
	})
}

// Each calls f with the offsets of a row in the order in which they are added up.
func (l Cumulative) Each(rows Classes, row int, f func(at int)) {
	for k := range rows.Count {
		if l.Reverse {
			k = rows.Count - 1 - k
		}
		f(rows.At(row, k))
	}
}

// Back is the cumulative sum that carries gradients back.
func (l Cumulative) Back() Cumulative { return Cumulative{l.Axis, false, l.Exclusive, !l.Reverse} }

func (l Cumulative) Backward32(g *Gradient[float32]) { cumulativeBackward(l, g) }
func (l Cumulative) Backward64(g *Gradient[float64]) { cumulativeBackward(l, g) }

// cumulativeBackward adds up the gradients of all outputs that a number went into: of products times these, and divided by the number;
// that of a 0 is 0, as in TensorFlow.
func cumulativeBackward[T tensor.Float](l Cumulative, g *Gradient[T]) {
	to, d := g.InGrad[0], g.OutGrad[0]
	if to == nil {
		return
	}
	if l.Product {
		d = d.Clone()
		for i, y := range g.Out[0].Data {
			d.Data[i] *= y
		}
	}
	cumulative(l.Back(), &Call[T]{In: []*tensor.Tensor[T]{d}, Out: []*tensor.Tensor[T]{to}, Workers: g.Workers})
	if !l.Product {
		return
	}
	for i, x := range g.In[0].Data {
		to.Data[i] = safeQuotient(to.Data[i], x)
	}
}
