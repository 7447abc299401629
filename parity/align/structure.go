package align

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// pairByStructure walks the reference from its inputs. A unit is paired with the candidate's unit of the same kind that
// reads the values paired with its own inputs; where several do (the branches of an inception module), hints
// and attributes choose. What this leaves is paired by hints, and then the walk is taken up again, also backwards
// from consumers, until nothing changes.
func (a *alignment) pairByStructure() {
	for {
		before := len(a.pairs)
		for _, r := range a.ref.units {
			if _, done := a.pairs[r.output]; !done {
				a.follow(r)
			}
		}
		if len(a.pairs) == before {
			a.followHints()
		}
		if len(a.pairs) == before {
			a.followBack()
		}
		if len(a.pairs) == before {
			return
		}
	}
}

// follow pairs r with the best of the candidate's units that read what r reads.
func (a *alignment) follow(r *unit) {
	var best *unit
	bestScore, tie := -1, false
	for _, c := range a.reading(r) {
		score := a.score(r, c)
		if score > bestScore {
			best, bestScore, tie = c, score, false
		} else if score == bestScore {
			tie = true
		}
	}
	if best == nil || a.belongs[best] != nil && a.belongs[best] != r {
		return
	}
	if h, ok := a.hints[r.output]; ok && h.unit == best {
		a.pair(r.output, best.output, h.by, h.why)
		return
	}
	if tie && a.hints[r.output].unit != nil {
		return // let the hint decide
	}
	why := fmt.Sprintf("both are the %s of shape %v that reads %s", r.kind, a.ref.side.Shapes[r.output], r.inputs[0])
	a.pair(r.output, best.output, ByStructure, why)
}

// reading lists the candidate's unpaired units of r's kind and shape whose inputs are paired with those of r.
func (a *alignment) reading(r *unit) []*unit {
	var want []string
	for _, in := range r.inputs {
		want = append(want, a.pairs[in].Candidate)
	}
	if slices.Contains(want, "") || len(want) == 0 {
		return nil
	}
	slices.Sort(want)
	var found []*unit
	for _, c := range a.cand.readers[want[0]] {
		inputs := slices.Sorted(slices.Values(c.inputs))
		if !a.taken[c.output] && compatible(r, c) && slices.Equal(want, inputs) && !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	return found
}

// compatible kinds compute the same thing: a fully connected layer may be written as a convolution.
func compatible(r, c *unit) bool {
	return r.kind == c.kind || weighted(r.main()) && weighted(c.main())
}

// score ranks units that read the same values: same shape, same hint, same kernel, same plain attributes.
func (a *alignment) score(r, c *unit) int {
	s := 0
	if Squeezed(a.ref.side.Shapes[r.output]).Equal(Squeezed(a.cand.side.Shapes[c.output])) {
		s += 8
	}
	if a.hints[r.output].unit == c {
		s += 4
	}
	if r.weights != nil && c.weights != nil && r.weights.Dims().Equal(c.weights.Dims()) {
		s += 2
	}
	if slices.Equal(attributes(r.main()), attributes(c.main())) {
		s++
	}
	return s
}

func attributes(n *graph.Node) []layer.Attribute {
	if d, ok := n.Layer.(layer.Described); ok {
		return d.Attributes()
	}
	return nil
}

// followHints pairs what structure has left open with what its name or weights point to.
func (a *alignment) followHints() {
	for _, r := range a.ref.units {
		if h, ok := a.hints[r.output]; ok {
			a.pair(r.output, h.unit.output, h.by, h.why)
		}
	}
}

// followBack pairs the inputs of paired units, position by position, where their writers are of one kind.
func (a *alignment) followBack() {
	for _, r := range a.ref.units {
		p, ok := a.pairs[r.output]
		if !ok || a.cand.writers[p.Candidate] == nil {
			continue
		}
		c := a.cand.writers[p.Candidate]
		for i := range min(len(r.inputs), len(c.inputs)) {
			rw, cw := a.ref.writers[r.inputs[i]], a.cand.writers[c.inputs[i]]
			if rw != nil && cw != nil && compatible(rw, cw) {
				a.pair(rw.output, cw.output, ByStructure, fmt.Sprintf("both are the %s that %s reads", rw.kind, r.name()))
			}
		}
	}
}

// pairParts pairs what lies inside and between units: the nodes of idioms that both sides write alike, and
// plumbing that follows paired values.
func (a *alignment) pairParts() {
	for _, r := range a.ref.units {
		p, ok := a.pairs[r.output]
		if !ok {
			continue
		}
		c := a.cand.writers[p.Candidate]
		if c != nil && slices.Equal(kinds(r), kinds(c)) {
			for i := range len(r.parts) - 1 {
				a.pair(r.parts[i].Outputs[0], c.parts[i].Outputs[0], p.By, "inside "+r.name()+": "+p.Why)
			}
		}
	}
	for _, n := range a.ref.side.Graph.Nodes {
		if Plumbing(n) {
			a.pairPlumbing(n)
		}
	}
}

func kinds(u *unit) []string {
	var list []string
	for _, n := range u.parts {
		list = append(list, n.Layer.Kind())
	}
	return list
}

// pairPlumbing pairs a node that only passes numbers on with one of the same kind behind the paired input that gives them the same
// shape: numbers may go several ways, by reshaping and reordering, from one map to another.
func (a *alignment) pairPlumbing(n *graph.Node) {
	p, ok := a.pairs[n.Inputs[0]]
	if !ok {
		return
	}
	for _, c := range a.cand.consumers[p.Candidate] {
		if c.Layer.Kind() == n.Layer.Kind() && a.sameShape(n.Outputs[0], c.Outputs[0]) {
			a.pair(n.Outputs[0], c.Outputs[0], ByStructure, fmt.Sprintf("both are the %s behind %s", c.Layer.Kind(), p.Reference))
		}
	}
}

// sameShape reports whether two values hold their numbers in the same places, as far as their shapes are known.
func (a *alignment) sameShape(ref, cand string) bool {
	r, c := a.ref.side.Shapes[ref], a.cand.side.Shapes[cand]
	return r == nil || c == nil || SameNumbers(r, c)
}
