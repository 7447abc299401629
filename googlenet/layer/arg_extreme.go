package layer

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// ArgExtreme finds the index of the largest number along an axis, or with Least of the smallest, which the output does not
// have any more. Of equal ones it is the first, or with Last the last; what is no
// number is passed over.
type ArgExtreme struct {
	Axis  int
	Least bool
	Last  bool
}

func (ArgExtreme) Kind() string { return "ArgExtreme" }

func (l ArgExtreme) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	s := in[0]
	if l.Axis < 0 || l.Axis >= len(s) {
		return nil, fmt.Errorf("ArgExtreme axis %d is outside the %d dimensions of %v", l.Axis, len(s), s)
	}
	if s[l.Axis] == 0 {
		return nil, fmt.Errorf("ArgExtreme needs at least one number along axis %d of %v", l.Axis, s)
	}
	return []tensor.Shape{append(s[:l.Axis:l.Axis].Clone(), s[l.Axis+1:]...)}, nil
}

// Attributes lists the axis and what is looked for.
func (l ArgExtreme) Attributes() []Attribute {
	what := "largest"
	if l.Least {
		what = "smallest"
	}
	list := []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"finds", what}}
	if l.Last {
		list = append(list, Attribute{"of equal ones", "the last"})
	}
	return list
}

func (l ArgExtreme) Forward32(c *Call[float32]) { argExtreme(l, c) }
func (l ArgExtreme) Forward64(c *Call[float64]) { argExtreme(l, c) }

func argExtreme[T tensor.Float](l ArgExtreme, c *Call[T]) {
	x, rows := c.In[0].Data, ClassesOf(c.In[0].Shape, l.Axis)
	parallel.For(c.Workers, rows.Rows(), func(row int) {
		best, most := 0, T(math.Inf(-1))
		for k := range rows.Count {
			v := x[rows.At(row, k)]
			if l.Least {
				v = -v
			}
			if v > most || v == most && l.Last {
				best, most = k, v
			}
		}
		c.Out[0].Data[row] = T(best)
	})
}
