package layer

import (
	"fmt"
	"slices"
	"strings"
)

// ParseEinsum reads an equation such as "bij,bjk->bik" for inputs of given numbers of axes: letters are labels, and "..." stands for
// the axes that have none, which meet from the last one on. Without "->" the output has the axes of "..." and then, in the order
// of the alphabet, the labels that stand once.
func ParseEinsum(equation string, ranks []int) (Einsum, error) {
	left, right, explicit := strings.Cut(strings.ReplaceAll(equation, " ", ""), "->")
	terms := strings.Split(left, ",")
	if len(terms) != len(ranks) {
		return Einsum{}, fmt.Errorf("the equation %q has %d terms for %d inputs", equation, len(terms), len(ranks))
	}
	var l Einsum
	unnamed := 0 // the most axes that "..." stands for
	for i, term := range terms {
		labels, more, err := einsumTerm(term, ranks[i])
		if err != nil {
			return Einsum{}, fmt.Errorf("the equation %q: %w", equation, err)
		}
		l.Terms, unnamed = append(l.Terms, labels), max(unnamed, more)
	}
	if !explicit {
		right = implied(left)
	}
	output, _, err := einsumTerm(right, strings.Count(right, "...")*unnamed+len(strings.ReplaceAll(right, "...", "")))
	if err != nil {
		return Einsum{}, fmt.Errorf("the equation %q: %w", equation, err)
	}
	l.Output = output
	return l, nil
}

// einsumTerm lists the labels of one term: letters are their codes, the axes of "..." are numbered from the last one on.
func einsumTerm(term string, rank int) (labels []int, unnamed int, err error) {
	before, after, dots := strings.Cut(term, "...")
	if unnamed = rank - len(before) - len(after); unnamed < 0 || unnamed > 0 && !dots {
		return nil, 0, fmt.Errorf("the term %q does not fit %d axes", term, rank)
	}
	for _, r := range before {
		labels = append(labels, int(r))
	}
	for i := range unnamed {
		labels = append(labels, unnamed-1-i)
	}
	for _, r := range after {
		labels = append(labels, int(r))
	}
	for _, r := range before + after {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return nil, 0, fmt.Errorf("expected letters for labels, found %q", term)
		}
	}
	if unnamed > 'A' {
		return nil, 0, fmt.Errorf("the term %q stands for %d axes", term, rank)
	}
	return labels, unnamed, nil
}

// implied is the output of an equation that does not state it.
func implied(left string) string {
	var once []rune
	for _, r := range left {
		if r != ',' && r != '.' && strings.Count(left, string(r)) == 1 {
			once = append(once, r)
		}
	}
	slices.Sort(once)
	if strings.Contains(left, "...") {
		return "..." + string(once)
	}
	return string(once)
}

// equation writes the labels as letters, in the order in which they come.
func (l Einsum) equation() string {
	labels := l.labels()
	write := func(term []int) string {
		var s strings.Builder
		for _, label := range term {
			if i := slices.Index(labels, label); i >= 0 && i < 26 {
				s.WriteByte(byte('a' + i))
			} else {
				fmt.Fprintf(&s, "<%d>", label)
			}
		}
		return s.String()
	}
	var terms []string
	for _, term := range l.Terms {
		terms = append(terms, write(term))
	}
	return strings.Join(terms, ",") + "->" + write(l.Output)
}
