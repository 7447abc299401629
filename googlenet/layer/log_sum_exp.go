package layer

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// LogSumExp is, for every row along an axis of x, the logarithm of the sum of the exponentials of those elements whose mark in the second
// input, of the shape of the first, is not 0:
//
//	y = log(sum_(marked j) exp x_j)    with One    y = log(1 + sum_(marked j) exp x_j)
//
// Without a mark in its row it is minus infinity, with One 0. Marks have no gradient.
type LogSumExp struct {
	Axis int
	One  bool
}

func (LogSumExp) Kind() string { return "LogSumExp" }

// Infer checks for a mark for each element.
func (l LogSumExp) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	if !in[0].Equal(in[1]) {
		return nil, fmt.Errorf("%s takes a mark for each element of its input %v, got %v", l.Kind(), in[0], in[1])
	}
	out, err := rowLosses(l, in[0], l.Axis)
	if err != nil {
		return nil, err
	}
	return out[:1], nil
}

// Attributes lists the axis, and the one that is added.
func (l LogSumExp) Attributes() []Attribute {
	list := []Attribute{{"axis", strconv.Itoa(l.Axis)}}
	if l.One {
		list = append(list, Attribute{"added", "1"})
	}
	return list
}

func (l LogSumExp) Forward32(c *Call[float32]) { logSumExp(l, c) }
func (l LogSumExp) Forward64(c *Call[float64]) { logSumExp(l, c) }

// logSumExp takes the largest exponent out of the sum, so that nothing overflows.
func logSumExp[T tensor.Float](l LogSumExp, c *Call[T]) {
	x, marks, rows := c.In[0].Data, c.In[1].Data, ClassesOf(c.In[0].Shape, l.Axis)
	parallel.For(c.Workers, rows.Rows(), func(row int) {
		c.Out[0].Data[row] = T(l.sum(rows.Count, func(i int) (float64, bool) {
			at := rows.At(row, i)
			return float64(x[at]), marks[at] != 0
		}))
	})
}

func (l LogSumExp) sum(n int, element func(i int) (x float64, marked bool)) float64 {
	largest, total := math.Inf(-1), 0.0
	if l.One {
		largest = 0
	}
	for i := range n {
		if x, marked := element(i); marked && !(x <= largest) {
			largest = x
		}
	}
	if math.IsInf(largest, 0) {
		return largest
	}
	if l.One {
		total = math.Exp(-largest)
	}
	for i := range n {
		if x, marked := element(i); marked {
			total += math.Exp(x - largest)
		}
	}
	return largest + math.Log(total)
}

func (l LogSumExp) Backward32(g *Gradient[float32]) { logSumExpBackward(l, g) }
func (l LogSumExp) Backward64(g *Gradient[float64]) { logSumExpBackward(l, g) }

// logSumExpBackward: dx_j = dy exp(x_j - y) where there is a mark. y is computed anew, since exp would magnify its rounding.
func logSumExpBackward[T tensor.Float](l LogSumExp, g *Gradient[T]) {
	g.InGrad[1] = nil
	to := g.InGrad[0]
	if to == nil {
		return
	}
	x, marks, rows := g.In[0].Data, g.In[1].Data, ClassesOf(to.Shape, l.Axis)
	parallel.For(g.Workers, rows.Rows(), func(row int) {
		y := l.sum(rows.Count, func(i int) (float64, bool) {
			at := rows.At(row, i)
			return float64(x[at]), marks[at] != 0
		})
		for i := range rows.Count {
			if at := rows.At(row, i); marks[at] != 0 {
				to.Data[at] = T(float64(g.OutGrad[0].Data[row]) * math.Exp(float64(x[at])-y))
			}
		}
	})
}
