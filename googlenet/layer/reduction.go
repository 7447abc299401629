package layer

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Statistic is what a Reduction makes of numbers.
type Statistic int

const (
	// ReductionSum is their sum.
	ReductionSum Statistic = iota
	// ReductionMagnitudes is the sum of their absolute values.
	ReductionMagnitudes
	// ReductionSquares is the sum of their squares.
	ReductionSquares
	// ReductionMean is their mean.
	ReductionMean
)

func (s Statistic) String() string {
	return map[Statistic]string{ReductionSum: "sum", ReductionMagnitudes: "sum of magnitudes", ReductionSquares: "sum of squares", ReductionMean: "mean"}[s]
}

// Reduction turns all elements from Axis on into one number, times Factor. The output has the axes before Axis, none for
// axis 0.
type Reduction struct {
	Statistic Statistic
	Axis      int
	Factor    float64
}

func (Reduction) Kind() string { return "Reduction" }

func (l Reduction) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if l.Axis < 0 || l.Axis >= len(in[0]) {
		return nil, fmt.Errorf("Reduction axis %d is outside the %d dimensions of %v", l.Axis, len(in[0]), in[0])
	}
	return []tensor.Shape{in[0][:l.Axis].Clone()}, nil
}

func (l Reduction) Forward32(c *Call[float32]) { reduction(l, c) }
func (l Reduction) Forward64(c *Call[float64]) { reduction(l, c) }

// Attributes lists the settings; the factor when it is not 1.
func (l Reduction) Attributes() []Attribute {
	list := []Attribute{{"operation", l.Statistic.String()}, {"axis", strconv.Itoa(l.Axis)}}
	if l.Factor != 1 {
		list = append(list, Attribute{"factor", number(l.Factor)})
	}
	return list
}

// Weight is what the sum over n elements is multiplied by.
func (l Reduction) Weight(n int) float64 {
	if l.Statistic == ReductionMean {
		return l.Factor / float64(n)
	}
	return l.Factor
}

func reduction[T tensor.Float](l Reduction, c *Call[T]) {
	x, y := c.In[0], c.Out[0].Data
	n := x.Shape[l.Axis:].Len()
	term := reductionTerm[T](l.Statistic)
	parallel.For(c.Workers, len(y), func(i int) {
		group := Group{Start: i * n, Length: n, Count: 1}
		y[i] = T(l.Weight(n)) * sumOver(group, func(at int) T { return term(x.Data[at]) })
	})
}

func reductionTerm[T tensor.Float](s Statistic) func(T) T {
	switch s {
	case ReductionMagnitudes:
		return func(v T) T { return T(math.Abs(float64(v))) }
	case ReductionSquares:
		return func(v T) T { return v * v }
	}
	return func(v T) T { return v }
}

func (l Reduction) Backward32(g *Gradient[float32]) { reductionBackward(l, g) }
func (l Reduction) Backward64(g *Gradient[float64]) { reductionBackward(l, g) }

// reductionBackward gives every element the gradient of its sum; times its sign, 0 at 0, for magnitudes, times 2x for
// squares.
func reductionBackward[T tensor.Float](l Reduction, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	x, d, to := g.In[0], g.OutGrad[0].Data, g.InGrad[0].Data
	n := x.Shape[l.Axis:].Len()
	parallel.For(g.Workers, len(d), func(i int) {
		share := T(l.Weight(n)) * d[i]
		for at := i * n; at < (i+1)*n; at++ {
			switch l.Statistic {
			case ReductionMagnitudes:
				to[at] = signOf(x.Data[at]) * share
			case ReductionSquares:
				to[at] = 2 * share * x.Data[at]
			default:
				to[at] = share
			}
		}
	})
}

func signOf[T tensor.Float](v T) T {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}
