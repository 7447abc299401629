package idiom

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// expression states values as polynomials of one of them, x.
type expression struct {
	*finder
	x     string
	known map[string]stated
	depth int
}

// stated is a value's polynomial and rank, -1 for unknown: then the value has the shape of x or is a number.
type stated struct {
	polynomial
	rank int
}

// maxDepth is how many operations an expression is followed through.
const maxDepth = 64

func (f *finder) expression(x string) *expression {
	return &expression{finder: f, x: x, known: map[string]stated{}}
}

// of states a value.
func (e *expression) of(v string) stated {
	if s, ok := e.known[v]; ok {
		return s
	}
	s, ok := stated{}, false
	if n := e.producers[v]; v != e.x && n != nil && e.depth < maxDepth {
		e.depth++
		s, ok = e.node(n)
		e.depth--
	}
	if !ok || len(s.polynomial) > maxTerms {
		s = e.leaf(v)
	}
	e.known[v] = s
	return s
}

// leaf takes a value as it is.
func (e *expression) leaf(v string) stated {
	shape, ok := e.shapes[v]
	if !ok {
		return stated{of(&atom{value: v, node: e.producers[v]}), -1}
	}
	return stated{of(&atom{value: v, node: e.producers[v], axes: wide(shape, v == e.x)}), len(shape)}
}

// wide lists the axes of more than one cell, or all.
func wide(s tensor.Shape, all bool) []int {
	var axes []int
	for i, d := range s {
		if d != 1 || all {
			axes = append(axes, i)
		}
	}
	return axes
}

// weight is a parameter as an atom, on given axes.
func (e *expression) weight(n *graph.Node, i int, axes []int) polynomial {
	if i >= len(n.Params) {
		return of(&atom{value: fmt.Sprintf("%s[%d]", n.Name, i), node: n, axes: axes, absent: true})
	}
	p := n.Params[i]
	id, met := e.weights[p.Owner()]
	if !met {
		id = len(e.weights)
		e.weights[p.Owner()] = id
	}
	return of(&atom{param: p, id: id, node: n, axes: axes})
}

// node states the first output of a node by what it reads; false for an operation that is not looked into.
func (e *expression) node(n *graph.Node) (stated, bool) {
	switch l := n.Layer.(type) {
	case layer.Constant:
		return e.constant(n, l)
	case layer.Binary:
		return e.binary(n, l.Operation)
	case layer.Eltwise:
		return e.eltwise(n, l)
	case layer.AddAlong:
		return e.along(n, l.Axis, polynomial.plus)
	case layer.ScaleAlong:
		return e.along(n, l.Axis, polynomial.times)
	case layer.Reduce:
		return e.reduce(n, l)
	case layer.AveragePool:
		if x := e.of(n.Inputs[0]); l.Global && x.rank == 4 {
			return e.reduced(n, x, layer.ReduceMean, []int{2, 3}, true), true
		}
		return stated{}, false
	case layer.Reshape, layer.Permute:
		return e.moved(n)
	case layer.Select:
		return e.joined(n, "select")
	}
	return e.onOne(n)
}

// onOne is an operation on one value that leaves its axes as they are.
func (e *expression) onOne(n *graph.Node) (stated, bool) {
	if len(n.Inputs) != 1 {
		return stated{}, false
	}
	f := e.function(n)
	if f == nil {
		return stated{}, false
	}
	x := e.of(n.Inputs[0])
	p := f(x.polynomial)
	return stated{p, x.rank}, true
}

// function is what an operation does to its input; nil for those that are not looked into.
func (e *expression) function(n *graph.Node) func(polynomial) polynomial {
	switch l := n.Layer.(type) {
	case layer.Identity:
		if len(n.Stop) > 0 && n.Stop[0] {
			return e.named(n, "stop")
		}
		return func(p polynomial) polynomial { return p }
	case layer.Cast:
		if l.To == l.From || l.From == layer.Bool {
			return func(p polynomial) polynomial { return p }
		}
	case layer.Bias:
		return func(p polynomial) polynomial { return p.plus(e.weight(n, 0, span(l.Axis, l.More))) }
	case layer.Scale:
		return func(p polynomial) polynomial {
			if p = p.times(e.weight(n, 0, span(l.Axis, l.More))); l.Bias {
				p = p.plus(e.weight(n, 1, span(l.Axis, l.More)))
			}
			return p
		}
	case layer.Power:
		return func(p polynomial) polynomial { return e.power(n, p.scaled(l.Scale).plus(number(l.Shift)), l.Power) }
	case layer.Unary:
		return e.unary(n, l.Function)
	case layer.Exp:
		if l.Base == math.E {
			return func(p polynomial) polynomial {
				return e.call(n, "exp", p.scaled(l.Scale).plus(number(l.Shift)))
			}
		}
	case layer.ReLU, layer.Clip, layer.Sigmoid, layer.Tanh, layer.Abs, layer.Softplus:
		return e.named(n, fmt.Sprintf("%s%v", l.Kind(), l))
	}
	return nil
}

// span lists the axes that the weights of a Bias or Scale lie along.
func span(axis, more int) []int {
	var axes []int
	for i := range more + 1 {
		axes = append(axes, axis+i)
	}
	return axes
}

func (e *expression) named(n *graph.Node, function string) func(polynomial) polynomial {
	return func(p polynomial) polynomial { return e.call(n, function, p) }
}

// call is a function that is not looked into, of polynomials that are.
func (e *expression) call(n *graph.Node, function string, args ...polynomial) polynomial {
	return of(&atom{function: function, node: n, args: args})
}

func (e *expression) unary(n *graph.Node, f layer.Function) func(polynomial) polynomial {
	switch f {
	case layer.Negative:
		return func(p polynomial) polynomial { return p.scaled(-1) }
	case layer.Reciprocal:
		return polynomial.inverse
	case layer.Square:
		return func(p polynomial) polynomial { return p.times(p) }
	case layer.Sqrt:
		return e.named(n, "root")
	case layer.Rsqrt:
		return func(p polynomial) polynomial { return e.call(n, "root", p).inverse() }
	}
	return e.named(n, string(f))
}

// power is p to a constant exponent.
func (e *expression) power(n *graph.Node, p polynomial, exponent float64) polynomial {
	switch exponent {
	case 1:
		return p
	case 2:
		return p.times(p)
	case -1:
		return p.inverse()
	case 0.5:
		return e.call(n, "root", p)
	case -0.5:
		return e.call(n, "root", p).inverse()
	}
	out := e.call(n, "power", p, number(math.Abs(exponent)))
	if exponent < 0 {
		out = out.inverse()
	}
	return out
}

// constant is a number, if it has no axes, or weights.
func (e *expression) constant(n *graph.Node, l layer.Constant) (stated, bool) {
	if len(l.Shape) == 0 && len(n.Params) == 1 {
		return stated{number(tensor.As[float64](n.Params[0].Value).Data[0]), 0}, true
	}
	return stated{e.weight(n, 0, wide(l.Shape, false)), len(l.Shape)}, true
}

// aligned puts the polynomials of values that are repeated to meet on the axes of the result.
func (e *expression) aligned(inputs []string) ([]polynomial, int, bool) {
	var list []stated
	most, unknown := 0, false
	for _, v := range inputs {
		s := e.of(v)
		list = append(list, s)
		most, unknown = max(most, s.rank), unknown || s.rank < 0
	}
	if unknown && most > 0 {
		return nil, 0, false
	}
	var out []polynomial
	for _, s := range list {
		if !unknown {
			s.polynomial = s.shifted(most - s.rank)
		}
		out = append(out, s.polynomial)
	}
	if unknown {
		most = -1
	}
	return out, most, true
}

func (e *expression) binary(n *graph.Node, op layer.Operation) (stated, bool) {
	p, rank, ok := e.aligned(n.Inputs)
	if !ok {
		return stated{}, false
	}
	a, b := p[0], p[1]
	switch op {
	case layer.Sum:
		a = a.plus(b)
	case layer.Difference:
		a = a.minus(b)
	case layer.Product:
		a = a.times(b)
	case layer.Quotient:
		a = a.times(b.inverse())
	case layer.SquaredDifference:
		a = a.minus(b)
		a = a.times(a)
	case layer.Pow:
		exponent, constant := b.constant()
		if !constant {
			return stated{}, false
		}
		a = e.power(n, a, exponent)
	default:
		a = e.call(n, string(op), a, b)
	}
	return stated{a, rank}, true
}

func (e *expression) eltwise(n *graph.Node, l layer.Eltwise) (stated, bool) {
	p, rank, ok := e.aligned(n.Inputs)
	if !ok || l.Combination == layer.EltwiseMaximum {
		return stated{}, false
	}
	sum := p[0].scaled(l.Coefficient(0))
	for i, q := range p[1:] {
		if l.Combination == layer.EltwiseSum {
			sum = sum.plus(q.scaled(l.Coefficient(i + 1)))
		} else {
			sum = sum.times(q)
		}
	}
	return stated{sum, rank}, true
}

// along joins a value with a smaller one that lies along it from an axis on.
func (e *expression) along(n *graph.Node, axis int, join func(a, b polynomial) polynomial) (stated, bool) {
	x, b := e.of(n.Inputs[0]), e.of(n.Inputs[1])
	if x.rank < 0 || b.rank < 0 {
		return stated{}, false
	}
	return stated{join(x.polynomial, b.shifted(axis)), x.rank}, true
}

// joined is a function of several values.
func (e *expression) joined(n *graph.Node, function string) (stated, bool) {
	p, rank, ok := e.aligned(n.Inputs)
	if !ok {
		return stated{}, false
	}
	return stated{e.call(n, function, p...), rank}, true
}

func (e *expression) reduce(n *graph.Node, l layer.Reduce) (stated, bool) {
	x := e.of(n.Inputs[0])
	if x.rank < 0 || len(l.Axes) == 0 {
		return stated{}, false
	}
	return e.reduced(n, x, l.Reducer, l.Axes, l.Keep), true
}

// reduced is a reduction. What it leaves lies along the axes that it does not go over.
func (e *expression) reduced(n *graph.Node, x stated, r layer.Reducer, over []int, keep bool) stated {
	over = slices.Sorted(slices.Values(over))
	a := &atom{function: string(r), node: n, args: []polynomial{x.polynomial}, over: over}
	rank := 0
	for axis := range x.rank {
		left := !slices.Contains(over, axis)
		if left {
			a.axes = append(a.axes, rank)
		}
		if left || keep {
			rank++
		}
	}
	return stated{of(a), rank}
}

// moved follows a Reshape that puts in or drops axes of one cell, or a Permute.
func (e *expression) moved(n *graph.Node) (stated, bool) {
	x := e.of(n.Inputs[0])
	before, after := e.shapes[n.Inputs[0]], e.shapes[n.Outputs[0]]
	if x.rank < 0 || before == nil || after == nil {
		return stated{}, false
	}
	to := map[int]int{}
	if l, ok := n.Layer.(layer.Permute); ok {
		for i, axis := range l.Axes {
			to[axis] = i
		}
	} else if !keepsWide(before, after, to) {
		return stated{}, false
	}
	p, ok := x.movedTo(to)
	return stated{p, len(after)}, ok
}

// keepsWide maps the axes of more than one cell to those of another shape, if these are the same. One whose extent is not known
// counts as one of them.
func keepsWide(before, after tensor.Shape, to map[int]int) bool {
	from, into := wide(before, false), wide(after, false)
	if len(from) != len(into) {
		return false
	}
	unknown := 0
	for i := range from {
		if before[from[i]] != after[into[i]] {
			return false
		}
		if before[from[i]] < 0 {
			unknown++
		}
		to[from[i]] = into[i]
	}
	return unknown <= 1
}
