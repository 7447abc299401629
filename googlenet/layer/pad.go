package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Pad surrounds a tensor with cells that hold Value: Before[i] and After[i] of them along dimension i.
type Pad struct {
	Before, After []int
	Value         float64
}

func (Pad) Kind() string { return "Pad" }

func (l Pad) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if len(l.Before) != len(in[0]) || len(l.After) != len(in[0]) {
		return nil, fmt.Errorf("Pad for %d dimensions does not fit the %d dimensions of %v", len(l.Before), len(in[0]), in[0])
	}
	out := in[0].Clone()
	for i := range out {
		if l.Before[i] < 0 || l.After[i] < 0 {
			return nil, fmt.Errorf("Pad must not be negative, got %d and %d along dimension %d", l.Before[i], l.After[i], i)
		}
		out[i] += l.Before[i] + l.After[i]
	}
	return []tensor.Shape{out}, nil
}

func (l Pad) Forward32(c *Call[float32]) { pad(l, c) }
func (l Pad) Forward64(c *Call[float64]) { pad(l, c) }

// Attributes lists the padding before and after every dimension, and its value unless that is zero.
func (l Pad) Attributes() []Attribute {
	list := []Attribute{{"before", fmt.Sprint(l.Before)}, {"after", fmt.Sprint(l.After)}}
	if l.Value != 0 {
		list = append(list, Attribute{"value", number(l.Value)})
	}
	return list
}

func pad[T tensor.Float](l Pad, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	if l.Value != 0 {
		for i := range y.Data {
			y.Data[i] = T(l.Value)
		}
	}
	l.eachRow(x.Shape, y.Shape, func(in, out, n int) { copy(y.Data[out:out+n], x.Data[in:in+n]) })
}

func (l Pad) Backward32(g *Gradient[float32]) { padBackward(l, g) }
func (l Pad) Backward64(g *Gradient[float64]) { padBackward(l, g) }

func padBackward[T tensor.Float](l Pad, g *Gradient[T]) {
	to, from := g.InGrad[0], g.OutGrad[0]
	l.eachRow(to.Shape, from.Shape, func(in, out, n int) { copy(to.Data[in:in+n], from.Data[out:out+n]) })
}

// eachRow calls f with the offsets, in the input and in the output, of every row of n elements of the input.
func (l Pad) eachRow(x, y tensor.Shape, f func(in, out, n int)) {
	if len(x) == 0 {
		f(0, 0, 1)
		return
	}
	row := x[len(x)-1]
	for from := 0; from < x.Len(); from += row {
		to := 0
		for d, i := range x.Index(from) {
			to = to*y[d] + i + l.Before[d]
		}
		f(from, to, row)
	}
}
