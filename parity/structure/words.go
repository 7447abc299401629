package structure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parity/googlenet/layer"
	"parity/parity"
)

// class is what may stand for each other; other kinds of layers are a class each.
type class string

const (
	products    class = "product"
	pools       class = "pool"
	activations class = "activation"
	joins       class = "join"
	affines     class = "affine"
)

// kindOf names an element's kind in words.
func kindOf(e *Element) string {
	switch e.class {
	case products:
		if _, ok := e.Main.Layer.(layer.Convolution); ok {
			return "convolution"
		}
		return "fully connected layer"
	case pools:
		return map[string]string{"maximum": "max pool", "average": "average pool"}[e.fact("function")]
	case joins:
		if operation, along := strings.CutPrefix(e.fact("operation"), "concatenation"); along && operation != "" {
			return "concatenation"
		}
		return "elementwise " + e.fact("operation")
	case affines:
		return strings.TrimPrefix(e.fact("kind"), "a ") + " layer"
	}
	return e.Main.Layer.Kind() + " layer"
}

// counted writes a number of things: "1 convolution", "2 convolutions".
func counted(n int, kind string) string {
	if n == 1 {
		return "1 " + kind
	}
	return strconv.Itoa(n) + " " + kind + "s"
}

// census counts elements by kind, the most frequent first.
func census(elements []*Element) []parity.KindCount {
	count := map[string]int{}
	for _, e := range elements {
		count[kindOf(e)]++
	}
	list := []parity.KindCount{}
	for kind, n := range count {
		list = append(list, parity.KindCount{Kind: kind, Count: n})
	}
	slices.SortFunc(list, func(a, b parity.KindCount) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Kind, b.Kind)) })
	return list
}

// profile says what a piece consists of: in order if it is short, else by kind.
func profile(piece []*Element) string {
	const short = 3
	var kinds []string
	for _, e := range piece {
		kinds = append(kinds, kindOf(e))
	}
	if len(kinds) <= short {
		return strings.Join(kinds, " and ")
	}
	kinds = nil
	for _, k := range census(piece) {
		kinds = append(kinds, counted(k.Count, k.Kind))
	}
	return strings.Join(kinds, ", ")
}

// sentence says what differs, and how many layers show it.
func (d *Diff) sentence(diff Difference) string {
	n, first := len(diff.At), diff.At[0]
	switch {
	case diff.Cause == "structure.wiring" && diff.Fact == "":
		return fmt.Sprintf("%s reads %s in the reference, the counterpart of %s in the candidate", first.Reference.Name(), diff.Reference, diff.Candidate)
	case diff.Cause == "structure.missing-layer" && diff.Fact == "":
		return "the candidate lacks " + pieces(diff)
	case diff.Cause == "structure.extra-layer" && diff.Fact == "":
		text := "the candidate has " + pieces(diff) + " that the reference lacks"
		if n == 1 && first.Behind != nil {
			text += ", behind the counterpart of " + first.Behind.Name()
		}
		return text
	}
	return d.who(diff) + " " + verb(diff, n)
}

// pieces counts what one side lacks.
func pieces(diff Difference) string {
	n, piece := len(diff.At), diff.At[0].Piece
	switch {
	case len(piece) == 1:
		return counted(n, kindOf(piece[0]))
	case n == 1:
		return fmt.Sprintf("a piece of %d layers: %s", len(piece), profile(piece))
	}
	return fmt.Sprintf("%d pieces of %d layers each: %s", n, len(piece), profile(piece))
}

// who names the one layer that shows a difference, or counts them.
func (d *Diff) who(diff Difference) string {
	if len(diff.At) == 1 {
		return fmt.Sprintf("%s (%s)", diff.At[0].Reference.Name(), kindOf(diff.At[0].Reference))
	}
	kind := kindOf(diff.At[0].Reference)
	all := len(only(d.Reference, func(e *Element) bool { return kindOf(e) == kind }))
	if all == len(diff.At) {
		return "all " + counted(all, kind)
	}
	return counted(len(diff.At), kind)
}

func verb(diff Difference, n int) string {
	have, end, stand := "have", "end", "stand"
	if n == 1 {
		have, end, stand = "has", "ends", "stands"
	}
	r, c := diff.Reference, diff.Candidate
	switch {
	case r == "" && c == "":
		return fmt.Sprintf("%s another %s: %s", have, singular(diff.Fact), ranges(diff.Fact, diff.At))
	case diff.Fact == normalisation:
		return fmt.Sprintf("%s in %s in the reference, in %s in the candidate", end, r, c)
	case diff.Fact == "place":
		return fmt.Sprintf("%s %s in the reference, %s in the candidate", stand, r, c)
	case diff.Fact == outputs:
		return fmt.Sprintf("%s %s outputs in the reference, %s in the candidate", have, r, c)
	case diff.Fact == classes:
		return fmt.Sprintf("%s %s outputs in the reference, %s in the candidate%s", have, r, c, background(r, c))
	}
	return fmt.Sprintf("%s the %s %s in the reference, %s in the candidate", have, diff.Fact, orUsual(diff.Fact, r), orUsual(diff.Fact, c))
}

// background hints at the most frequent reason for one class more or less.
func background(r, c string) string {
	x, errX := strconv.Atoi(r)
	y, errY := strconv.Atoi(c)
	if errX == nil && errY == nil && (x == y+1 || y == x+1) {
		return ", as where one side has a class for the background"
	}
	return ""
}

func singular(fact string) string {
	if fact == outputs {
		return "number of " + outputs
	}
	return fact
}

// ranges says how values differ that are each layer's own: by one factor, or with examples.
func ranges(fact string, at []Place) string {
	factor, regular := 0.0, true
	for i, p := range at {
		r, errR := strconv.ParseFloat(p.ReferenceValue, 64)
		c, errC := strconv.ParseFloat(p.CandidateValue, 64)
		if i == 0 {
			factor = r / c
		}
		regular = regular && errR == nil && errC == nil && r == c*factor
	}
	switch {
	case regular && factor > 1:
		return fmt.Sprintf("%s times as many in the reference", strconv.FormatFloat(factor, 'g', 4, 64))
	case regular && factor > 0:
		return fmt.Sprintf("%s times as many in the candidate", strconv.FormatFloat(1/factor, 'g', 4, 64))
	}
	var list []string
	for _, p := range at {
		text := fmt.Sprintf("%s for %s", orUsual(fact, p.CandidateValue), orUsual(fact, p.ReferenceValue))
		if !slices.Contains(list, text) && len(list) < 4 {
			list = append(list, text)
		}
	}
	return strings.Join(list, ", ") + ", ..."
}

func orUsual(fact, value string) string {
	switch {
	case value != "":
		return value
	case usual[fact] != "":
		return usual[fact]
	}
	return "none"
}

// same compares two settings; numbers that float32 does not tell apart are equal.
func same(a, b fact) bool {
	if a.value == b.value || a.or != "" && a.or == b.value || b.or != "" && b.or == a.value {
		return true
	}
	x, errX := strconv.ParseFloat(a.value, 64)
	y, errY := strconv.ParseFloat(b.value, 64)
	return errX == nil && errY == nil && math.Abs(x-y) <= 1e-6*math.Abs(x)
}

// causeOf is the catalogue's entry for a setting that differs.
func causeOf(r, c *Element, name string) string {
	for _, row := range []struct {
		class class
		name  string
		id    string
	}{
		{products, "stride", "conv.stride"}, {products, "dilation", "conv.dilation"}, {products, "groups", "conv.groups"},
		{pools, "function", "pool.kind"}, {pools, kernel, "pool.window"}, {pools, "stride", "pool.stride"},
		{activations, "function", "act.kind"}, {activations, "slope", "act.slope"}, {activations, "min", "act.clip"}, {activations, "max", "act.clip"},
		{joins, "coefficients", "eltwise.coeff"},
		{"LRN", "window", "lrn.window"}, {"LRN", "alpha", "lrn.alpha"}, {"LRN", "beta", "lrn.beta"}, {"LRN", "k", "lrn.bias"},
		{"Softmax", "axis", "softmax.axis"},
	} {
		if r.class == row.class && name == row.name {
			return row.id
		}
	}
	if r.class == joins && kindOf(r) == kindOf(c) && kindOf(r) == "concatenation" {
		return "concat.axis"
	}
	if r.class == joins {
		return "eltwise.op"
	}
	if name == normalisation {
		return ends(r.fact(name), c.fact(name))
	}
	return "structure.shape"
}

// ends is the cause for a product that ends in more, or in less, than its counterpart.
func ends(r, c string) string {
	switch {
	case r == biased && c == none:
		return "bias.missing"
	case rank(c) > rank(r):
		return "structure.extra-layer"
	}
	return "structure.missing-layer"
}
