package layer

import (
	"cmp"
	"fmt"
	"slices"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// ArgMax finds the TopK largest numbers along an axis, largest first; of equal ones the one with the larger index. Its
// output holds their indices, or with Values the numbers themselves, along the same axis.
//
// With Flat, each item of the batch is one list, and the output has the shape N x 1 x TopK, or N x 2 x TopK with Values:
// the indices and then the numbers; further axes of the input become extents of 1.
type ArgMax struct {
	Axis, TopK   int
	Flat, Values bool
}

func (ArgMax) Kind() string { return "ArgMax" }

// Infer checks that there are TopK numbers.
func (l ArgMax) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if l.Axis < 0 || l.Axis >= len(in[0]) {
		return nil, fmt.Errorf("ArgMax axis %d is outside the %d dimensions of %v", l.Axis, len(in[0]), in[0])
	}
	if n := l.Lists(in[0]).Count; l.TopK < 1 || l.TopK > n {
		return nil, fmt.Errorf("ArgMax takes the best %d of %d numbers; at least 1 and at most all can be", l.TopK, n)
	}
	if !l.Flat {
		out := in[0].Clone()
		out[l.Axis] = l.TopK
		return []tensor.Shape{out}, nil
	}
	out := tensor.Shape{in[0][0], 1, l.TopK}
	if l.Values {
		out[1] = 2
	}
	for len(out) < len(in[0]) {
		out = append(out, 1)
	}
	return []tensor.Shape{out}, nil
}

// Lists is the input as the lists that are searched.
func (l ArgMax) Lists(s tensor.Shape) Classes {
	if l.Flat {
		return Items(s)
	}
	return ClassesOf(s, l.Axis)
}

// Attributes lists where is searched, for how many, and what is written.
func (l ArgMax) Attributes() []Attribute {
	axis := fmt.Sprint(l.Axis)
	if l.Flat {
		axis = "all but the batch"
	}
	list := []Attribute{{"axis", axis}, {"best", fmt.Sprint(l.TopK)}}
	if l.Values {
		list = append(list, Attribute{"values", "yes"})
	}
	return list
}

func (l ArgMax) Forward32(c *Call[float32]) { argMax(l, c) }
func (l ArgMax) Forward64(c *Call[float64]) { argMax(l, c) }

func argMax[T tensor.Float](l ArgMax, c *Call[T]) {
	x, y := c.In[0].Data, c.Out[0].Data
	lists := l.Lists(c.In[0].Shape)
	parallel.For(c.Workers, lists.Rows(), func(row int) {
		for rank, k := range ranked(x, lists, row)[:l.TopK] {
			l.EachOutput(lists, row, rank, func(at int, value bool) {
				if y[at] = T(k); value {
					y[at] = x[lists.At(row, k)]
				}
			})
		}
	})
}

// ranked lists the indices of a row, that of the largest number first, NaN last.
func ranked[T tensor.Float](x []T, lists Classes, row int) []int {
	order := make([]int, lists.Count)
	for k := range order {
		order[k] = lists.Count - 1 - k
	}
	slices.SortStableFunc(order, func(i, k int) int {
		return cmp.Compare(x[lists.At(row, k)], x[lists.At(row, i)])
	})
	return order
}

// EachOutput calls f with the offset of what the output holds for the row's number of a rank, and whether that is its
// value or its index.
func (l ArgMax) EachOutput(lists Classes, row, rank int, f func(at int, value bool)) {
	if !l.Flat || !l.Values {
		to := Classes{lists.Outer, l.TopK, lists.Inner}
		f(to.At(row, rank), l.Values)
		return
	}
	f(2*row*l.TopK+rank, false)
	f((2*row+1)*l.TopK+rank, true)
}
