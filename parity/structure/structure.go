// Package structure holds two networks against each other as graphs: which layers are each other's counterparts by kind,
// settings and place, and what differs in kinds, shapes and connections. No number of a run is looked at.
package structure

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
)

// Side is a graph with the shapes of its values, as far as they are known.
type Side struct {
	Graph  *graph.Graph
	Shapes map[string]tensor.Shape
}

// Diff is two networks with their elements paired.
type Diff struct {
	Reference, Candidate []*Element // in the order of execution
	Counterpart          map[*Element]*Element
	partner              map[*Element]*Element // the other way round
	orders               []order
}

// most is how many pairs of elements are looked at: what two networks of 2000 layers make.
const most = 4_000_000

// Compare pairs the layers of two networks, for as little as possible to be changed to make one of the other. Hints are
// values of the reference and of the candidate that something else, such as a name, speaks for; they decide between
// pairs that are equal otherwise. It returns nil for a network without layers, and for two that are too large.
func Compare(ref, cand Side, hints map[string]string) *Diff {
	d := &Diff{Reference: elementsOf(ref), Candidate: elementsOf(cand), Counterpart: map[*Element]*Element{}, partner: map[*Element]*Element{}}
	if len(d.Reference) == 0 || len(d.Candidate) == 0 || len(d.Reference)*len(d.Candidate) > most {
		return nil
	}
	m := &matcher{
		hinted: func(r, c *Element) bool { return hints[r.Output] == c.Output },
		tables: map[[2]*item]*table{}, spans: map[spanKey]*table{}, blocks: map[[2]*item]*assigned{},
	}
	r, c := trunk(ref, d.Reference), trunk(cand, d.Candidate)
	d.pair(m, r, c)
	d.pair(m, rest(d.Reference, r), rest(d.Candidate, c))
	d.exchange()
	d.swap()
	return d
}

func (d *Diff) pair(m *matcher, r, c sequence) {
	for _, p := range m.pairs(m.whole(r, c), len(r), len(c)) {
		d.Counterpart[p.ref], d.partner[p.cand] = p.cand, p.ref
	}
}

// Verdict is whether these are versions of one network.
func (d *Diff) Verdict() string {
	switch {
	case d.Likeness() < 0.5:
		return parity.OtherNetwork
	case len(d.differences()) > 0:
		return parity.OtherStructure
	}
	return parity.SameStructure
}

// Likeness is the share of the facts about the layers with weights, if there are any, that the two networks have in common:
// twice these by those of both (Dice 1945). What a product ends in does not count: most have a bias, and normalisation can
// be folded into it.
func (d *Diff) Likeness() float64 {
	common, all := 0, 0
	for _, r := range d.telling(d.Reference) {
		own := tellingFacts(r)
		all += 1 + len(own)
		if c := d.Counterpart[r]; c != nil {
			agree := only(own, func(f fact) bool { return same(f, c.told(f.name)) })
			common += 2 * (1 + len(agree))
		}
	}
	for _, c := range d.telling(d.Candidate) {
		all += 1 + len(tellingFacts(c))
	}
	return float64(common) / float64(all)
}

func tellingFacts(e *Element) []fact {
	return only(e.facts, func(f fact) bool { return f.name != normalisation })
}

// telling are the elements by which networks are told apart: activations and pools are everywhere.
func (d *Diff) telling(elements []*Element) []*Element {
	product := func(e *Element) bool { return e.class == products }
	if len(only(d.Reference, product)) == 0 || len(only(d.Candidate, product)) == 0 {
		return elements
	}
	return only(elements, product)
}

// trunk is what the output that most depends on is computed from; of several the last.
func trunk(s Side, elements []*Element) sequence {
	writers := map[string]*Element{}
	for _, e := range elements {
		for _, v := range append(slices.Clone(e.outputs), e.Output) {
			writers[v] = e
		}
	}
	var inside map[*Element]bool
	for _, v := range s.Graph.Outputs {
		if on := ancestors(writerOf(s.Graph, writers, v)); len(on) >= len(inside) {
			inside = on
		}
	}
	return decompose(only(elements, func(e *Element) bool { return inside[e] }), readersOf(elements, inside))
}

// writerOf is the element whose numbers a value holds; nil for none.
func writerOf(g *graph.Graph, writers map[string]*Element, value string) *Element {
	producers := g.Producers()
	for writers[value] == nil {
		n := producers[value]
		if n == nil || len(n.Inputs) == 0 {
			return nil
		}
		value = n.Inputs[0]
	}
	return writers[value]
}

func ancestors(e *Element) map[*Element]bool {
	seen := map[*Element]bool{}
	for queue := []*Element{e}; len(queue) > 0; queue = queue[1:] {
		if queue[0] != nil && !seen[queue[0]] {
			seen[queue[0]] = true
			queue = append(queue, queue[0].inputs...)
		}
	}
	return seen
}

func readersOf(elements []*Element, inside map[*Element]bool) map[*Element][]*Element {
	readers := map[*Element][]*Element{}
	for _, e := range elements {
		for _, in := range e.inputs {
			if inside[e] && in != nil {
				readers[in] = append(readers[in], e)
			}
		}
	}
	return readers
}

// rest is the chain of the elements that are not in the trunk: heads that only training needs, and what nothing reads.
func rest(elements []*Element, trunk sequence) sequence {
	in := map[*Element]bool{}
	for _, e := range trunk.elements() {
		in[e] = true
	}
	return sequenceOf(only(elements, func(e *Element) bool { return !in[e] }))
}

func sequenceOf(elements []*Element) sequence {
	s := make(sequence, len(elements))
	for i, e := range elements {
		s[i] = leafOf(e)
	}
	return s
}

func only[T any](elements []T, keep func(T) bool) (list []T) {
	for _, e := range elements {
		if keep(e) {
			list = append(list, e)
		}
	}
	return list
}
