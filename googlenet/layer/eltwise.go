package layer

import (
	"fmt"
	"slices"
	"strings"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Combination is how an Eltwise joins its inputs.
type Combination int

const (
	// EltwiseSum adds the inputs, each times its coefficient.
	EltwiseSum Combination = iota
	// EltwiseProduct multiplies them.
	EltwiseProduct
	// EltwiseMaximum takes the largest.
	EltwiseMaximum
)

func (c Combination) String() string {
	return map[Combination]string{EltwiseSum: "sum", EltwiseProduct: "product", EltwiseMaximum: "maximum"}[c]
}

// Eltwise joins inputs of one shape element by element.
type Eltwise struct {
	Combination Combination
	// Coefficients has one for every input of a sum; nil makes them all 1.
	Coefficients []float64
	// Quotient computes the gradient of a product as y / x dy, which is not a number where x is 0, instead of as the
	// product of the other inputs and dy.
	Quotient bool
}

func (Eltwise) Kind() string { return "Eltwise" }

func (l Eltwise) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("Eltwise needs at least one input")
	}
	for i, s := range in {
		if !s.Equal(in[0]) {
			return nil, fmt.Errorf("Eltwise takes inputs of one shape, got %v and, as input %d, %v", in[0], i, s)
		}
	}
	if l.Coefficients != nil && len(l.Coefficients) != len(in) {
		return nil, fmt.Errorf("Eltwise has %d coefficients for %d inputs", len(l.Coefficients), len(in))
	}
	return []tensor.Shape{in[0].Clone()}, nil
}

func (l Eltwise) Forward32(c *Call[float32]) { eltwise(l, c) }
func (l Eltwise) Forward64(c *Call[float64]) { eltwise(l, c) }

// Attributes lists the settings.
func (l Eltwise) Attributes() []Attribute {
	list := []Attribute{{"operation", l.Combination.String()}}
	if l.Coefficients != nil {
		var values []string
		for _, v := range l.Coefficients {
			values = append(values, number(v))
		}
		list = append(list, Attribute{"coefficients", strings.Join(values, ",")})
	}
	if l.Quotient {
		list = append(list, Attribute{"gradient", "y / x"})
	}
	return list
}

// Coefficient returns that of the i-th input.
func (l Eltwise) Coefficient(i int) float64 {
	if l.Coefficients == nil {
		return 1
	}
	return l.Coefficients[i]
}

func eltwise[T tensor.Float](l Eltwise, c *Call[T]) {
	join := combine[T](l)
	y := c.Out[0].Data
	parallel.Ranges(c.Workers, len(y), grain, func(lo, hi int) {
		for at := lo; at < hi; at++ {
			y[at] = join(c.In, at)
		}
	})
}

// combine returns the function of one element of every input.
func combine[T tensor.Float](l Eltwise) func(in []*tensor.Tensor[T], at int) T {
	switch l.Combination {
	case EltwiseProduct:
		return func(in []*tensor.Tensor[T], at int) T { return productExcept(in, at, -1) }
	case EltwiseMaximum:
		return func(in []*tensor.Tensor[T], at int) T { return in[Largest(in, at)].Data[at] }
	}
	return func(in []*tensor.Tensor[T], at int) T {
		var total T
		for i, x := range in {
			total += T(l.Coefficient(i)) * x.Data[at]
		}
		return total
	}
}

// productExcept multiplies all inputs but one; -1 leaves none out.
func productExcept[T tensor.Float](in []*tensor.Tensor[T], at, except int) T {
	p := T(1)
	for i, x := range in {
		if i != except {
			p *= x.Data[at]
		}
	}
	return p
}

// Largest returns the input that is the maximum. Of equal ones it is the first from the second input on, as in Caffe's
// eltwise_layer.cpp: the first input wins only if it is larger than the second, a later one only if it is larger than all
// before it.
func Largest[T tensor.Float](in []*tensor.Tensor[T], at int) int {
	best := 0
	for i := 1; i < len(in); i++ {
		if in[i].Data[at] > in[best].Data[at] || i == 1 && !(in[0].Data[at] > in[1].Data[at]) {
			best = i
		}
	}
	return best
}

func (l Eltwise) Backward32(g *Gradient[float32]) { eltwiseBackward(l, g) }
func (l Eltwise) Backward64(g *Gradient[float64]) { eltwiseBackward(l, g) }

func eltwiseBackward[T tensor.Float](l Eltwise, g *Gradient[T]) {
	gradient := eltwiseGradient(l, g)
	for i, to := range g.InGrad {
		if to == nil {
			continue
		}
		parallel.Ranges(g.Workers, len(to.Data), grain, func(lo, hi int) {
			for at := lo; at < hi; at++ {
				to.Data[at] = gradient(i, at)
			}
		})
	}
}

// eltwiseGradient returns the function that computes the gradient of an element of an input.
func eltwiseGradient[T tensor.Float](l Eltwise, g *Gradient[T]) func(input, at int) T {
	d := g.OutGrad[0].Data
	switch {
	case l.Combination == EltwiseSum:
		return func(input, at int) T { return T(l.Coefficient(input)) * d[at] }
	case l.Combination == EltwiseProduct && l.Quotient:
		return func(input, at int) T { return g.Out[0].Data[at] / g.In[input].Data[at] * d[at] }
	case l.Combination == EltwiseProduct:
		return func(input, at int) T { return productExcept(g.In, at, input) * d[at] }
	}
	return func(input, at int) T {
		if Largest(g.In, at) == input {
			return d[at]
		}
		return 0
	}
}

// Plain reports whether a sum has no coefficients but 1 and -1, with which nothing is rounded.
func (l Eltwise) Plain() bool {
	return !slices.ContainsFunc(l.Coefficients, func(v float64) bool { return v != 1 && v != -1 })
}
