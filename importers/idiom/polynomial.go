package idiom

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// polynomial is a sum of terms, sorted by their keys, in which no two have the same factors. Its atoms are values, weights and
// functions of polynomials; a power may be negative.
//
// Each term is a function on the axes of some tensor, along which its atoms lie: a vector of weights along one axis of a feature
// map, a mean along those that are left.
type polynomial []term

type term struct {
	coefficient float64
	factors     []factor // sorted by their keys
}

type factor struct {
	*atom
	power int
}

// atom is a value or a weight, which have no arguments, or a function.
type atom struct {
	key      string
	function string // empty for a value or weight
	value    string
	param    *graph.Param
	id       int         // of the weight
	absent   bool        // a weight of a graph without values
	node     *graph.Node // that computes it, or has it as a weight
	axes     []int       // of the expression, for each of its own axes of more than one cell
	args     []polynomial
	over     []int // of a reduction: the argument's axes that it goes over
}

// maxTerms is the most terms of a polynomial; what is longer is taken for a value.
const maxTerms = 32

func number(v float64) polynomial {
	if v == 0 {
		return nil
	}
	return polynomial{{coefficient: v}}
}

func of(a *atom) polynomial {
	a.key = a.name()
	return polynomial{{1, []factor{{a, 1}}}}
}

// name tells atoms apart: those of one name are one.
func (a *atom) name() string {
	var b strings.Builder
	b.WriteString(a.function)
	switch {
	case a.param != nil:
		fmt.Fprintf(&b, "weight %d", a.id)
	case a.function == "":
		b.WriteString("value " + a.value)
	}
	if a.over != nil {
		fmt.Fprintf(&b, "%v", a.over)
	}
	for _, p := range a.args {
		b.WriteString("(" + p.String() + ")")
	}
	return b.String() + fmt.Sprintf("@%v", a.axes)
}

// String writes the polynomial such that equal ones are written alike.
func (p polynomial) String() string {
	var parts []string
	for _, t := range p {
		parts = append(parts, strconv.FormatFloat(t.coefficient, 'g', -1, 64)+t.key())
	}
	return strings.Join(parts, " + ")
}

func (t term) key() string {
	var b strings.Builder
	for _, f := range t.factors {
		fmt.Fprintf(&b, " {%s}^%d", f.key, f.power)
	}
	return b.String()
}

func (p polynomial) equal(q polynomial) bool { return p.String() == q.String() }

func (p polynomial) plus(q polynomial) polynomial {
	out := slices.Clone(p)
	for _, t := range q {
		i, found := slices.BinarySearchFunc(out, t.key(), func(o term, key string) int { return strings.Compare(o.key(), key) })
		if !found {
			out = slices.Insert(out, i, t)
			continue
		}
		if out[i].coefficient += t.coefficient; out[i].coefficient == 0 {
			out = slices.Delete(out, i, i+1)
		}
	}
	return out
}

func (p polynomial) scaled(by float64) polynomial {
	if by == 0 {
		return nil
	}
	out := slices.Clone(p)
	for i := range out {
		out[i].coefficient *= by
	}
	return out
}

func (p polynomial) minus(q polynomial) polynomial { return p.plus(q.scaled(-1)) }

func (p polynomial) times(q polynomial) polynomial {
	var out polynomial
	for _, a := range p {
		for _, b := range q {
			out = out.plus(polynomial{a.times(b)})
		}
	}
	return out
}

func (t term) times(o term) term {
	out := term{t.coefficient * o.coefficient, slices.Clone(t.factors)}
	for _, f := range o.factors {
		i, found := slices.BinarySearchFunc(out.factors, f.key, func(g factor, key string) int { return strings.Compare(g.key, key) })
		if !found {
			out.factors = slices.Insert(out.factors, i, f)
			continue
		}
		if out.factors[i].power += f.power; out.factors[i].power == 0 {
			out.factors = slices.Delete(out.factors, i, i+1)
		}
	}
	return out
}

// inverse is 1/p: of several terms as a whole.
func (p polynomial) inverse() polynomial {
	if len(p) != 1 {
		p = of(&atom{function: "whole", args: []polynomial{p}})
	}
	out := term{1 / p[0].coefficient, slices.Clone(p[0].factors)}
	for i := range out.factors {
		out.factors[i].power *= -1
	}
	return polynomial{out}
}

// constant reports whether the polynomial is a number.
func (p polynomial) constant() (float64, bool) {
	switch {
	case len(p) == 0:
		return 0, true
	case len(p) == 1 && len(p[0].factors) == 0:
		return p[0].coefficient, true
	}
	return 0, false
}

// single returns the atom that the polynomial is; nil if it is anything else.
func (p polynomial) single() *atom {
	if len(p) != 1 || p[0].coefficient != 1 || len(p[0].factors) != 1 || p[0].factors[0].power != 1 {
		return nil
	}
	return p[0].factors[0].atom
}

// power returns that of an atom in a term.
func (t term) power(a *atom) int {
	for _, f := range t.factors {
		if f.key == a.key {
			return f.power
		}
	}
	return 0
}

// find returns the first factor of a function and its power.
func (t term) find(function string) (*atom, int) {
	for _, f := range t.factors {
		if f.function == function {
			return f.atom, f.power
		}
	}
	return nil, 0
}

// without is the term with an atom's power taken out.
func (t term) without(list ...*atom) term {
	out := term{t.coefficient, nil}
	for _, f := range t.factors {
		if !slices.ContainsFunc(list, func(a *atom) bool { return a != nil && a.key == f.key }) {
			out.factors = append(out.factors, f)
		}
	}
	return out
}

// shifted is the polynomial on axes that lie further back.
func (p polynomial) shifted(by int) polynomial {
	if by == 0 {
		return p
	}
	return p.moved(func(axis int) int { return axis + by })
}

// movedTo is the polynomial on the axes that its own become; false if one is not among them.
func (p polynomial) movedTo(axes map[int]int) (out polynomial, ok bool) {
	ok = true
	out = p.moved(func(axis int) int {
		to, known := axes[axis]
		ok = ok && known
		return to
	})
	return out, ok
}

func (p polynomial) moved(to func(axis int) int) polynomial {
	var out polynomial
	for _, t := range p {
		moved := polynomial{{coefficient: t.coefficient}}
		for _, f := range t.factors {
			a := of(f.moved(to))
			a[0].factors[0].power = f.power
			moved = moved.times(a)
		}
		out = out.plus(moved)
	}
	return out
}

// moved: what a reduction goes over is on axes of its own, which stay.
func (a *atom) moved(to func(axis int) int) *atom {
	out := *a
	out.axes = nil
	for _, axis := range a.axes {
		out.axes = append(out.axes, to(axis))
	}
	if a.over != nil {
		return &out
	}
	out.args = nil
	for _, p := range a.args {
		out.args = append(out.args, p.moved(to))
	}
	return &out
}

// reduces reports which reduction a function is.
func (a *atom) reduces(r layer.Reducer) bool {
	return a != nil && a.over != nil && a.function == string(r)
}
