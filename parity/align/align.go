// Package align pairs the values of a reference graph with those of a candidate, and says why each pair was made.
//
// The steps, in order: the user's map; equal names; identical weights; and structure, which follows the edges from what
// is paired already. Names and weights are hints that structure may confirm or, where a neighbour fits better,
// overrule: two layers whose weights were swapped must not be paired by their weights.
package align

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// Reasons for a pair.
const (
	ByMap       = "map"
	ByName      = "name"
	ByWeights   = "weights"
	ByStructure = "structure"
	ByValues    = "values"
)

// Pair is a value of the reference and the value of the candidate that should equal it.
type Pair struct {
	Reference, Candidate string
	By                   string // one of the reasons
	Why                  string // the reason in words
}

// Side is a graph with the shapes of its values.
type Side struct {
	Graph  *graph.Graph
	Shapes map[string]tensor.Shape
}

// Alignment is the pairs that were found.
type Alignment struct {
	Pairs map[string]Pair // by the reference's value
	cand  *view
}

// Counterpart returns the candidate's nodes that together are the layer which writes a value of the candidate: one, or
// several where its framework writes an idiom.
func (a *Alignment) Counterpart(candidate string) []*graph.Node {
	if u := a.cand.writers[candidate]; u != nil {
		return u.parts
	}
	return nil
}

// Values pairs the values of two graphs. The map's keys and values name layers or values of the reference and
// the candidate; a name that its graph does not have is an error.
func Values(ref, cand Side, byUser map[string]string) (*Alignment, error) {
	a := &alignment{ref: newView(ref), cand: newView(cand), pairs: map[string]Pair{}, taken: map[string]bool{}}
	if err := a.pairByMap(byUser); err != nil {
		return nil, err
	}
	a.pairInputs()
	a.hint()
	a.pairByStructure()
	a.pairParts()
	return &Alignment{a.pairs, a.cand}, nil
}

type alignment struct {
	ref, cand *view
	pairs     map[string]Pair // by the reference's value
	taken     map[string]bool // the candidate's paired values
	hints     map[string]hint // by the reference unit's output
	belongs   map[*unit]*unit // of the candidate's units, the reference's with the same weights, see ordered
}

// hint is the candidate unit that a name or weights point to.
type hint struct {
	unit    *unit
	by, why string
}

func (a *alignment) pair(ref, cand, by, why string) {
	if _, done := a.pairs[ref]; done || a.taken[cand] {
		return
	}
	a.pairs[ref] = Pair{ref, cand, by, why}
	a.taken[cand] = true
}

func (a *alignment) pairByMap(byUser map[string]string) error {
	names := make([]string, 0, len(byUser))
	for name := range byUser {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		r, ok := a.ref.value(name)
		if !ok {
			return fmt.Errorf("--map: the reference has no layer or value %q%s", name, near(name, a.ref.names()))
		}
		c, ok := a.cand.value(byUser[name])
		if !ok {
			return fmt.Errorf("--map: the candidate has no layer or value %q%s", byUser[name], near(byUser[name], a.cand.names()))
		}
		a.pair(r, c, ByMap, "named by --map")
	}
	return nil
}

// pairInputs pairs inputs of one name, then what is left in order if both sides have as many.
func (a *alignment) pairInputs() {
	for _, r := range a.ref.side.Graph.Inputs {
		for _, c := range a.cand.side.Graph.Inputs {
			if normal(r.Name) == normal(c.Name) {
				a.pair(r.Name, c.Name, ByName, "both are the input of this name")
			}
		}
	}
	var refs, cands []string
	for _, in := range a.ref.side.Graph.Fed() {
		if _, done := a.pairs[in.Name]; !done {
			refs = append(refs, in.Name)
		}
	}
	for _, in := range a.cand.side.Graph.Fed() {
		if !a.taken[in.Name] {
			cands = append(cands, in.Name)
		}
	}
	if len(refs) == len(cands) {
		for i := range refs {
			a.pair(refs[i], cands[i], ByStructure, fmt.Sprintf("input %d of each side", i+1))
		}
	}
}
