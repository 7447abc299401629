package structure

import (
	"slices"

	"parity/googlenet/layer"
)

// Missing reports whether the candidate lacks layers of the reference, Extra the reverse.
func (diff Difference) Missing() bool { return len(diff.At) > 0 && diff.At[0].Candidate == nil }
func (diff Difference) Extra() bool   { return len(diff.At) > 0 && diff.At[0].Reference == nil }

// Counted says of what a difference of missing or extra layers consists.
func Counted(diff Difference) string { return pieces(diff) }

// Reader is the reference's counterpart of the first element behind a piece of the candidate that has one; nil for none.
func (d *Diff) Reader(piece []*Element) *Element {
	return d.partner[behindPiece(d.Candidate, piece, d.partner)]
}

// ReaderOf is the first element behind a piece of the reference that has a counterpart; nil for none.
func (d *Diff) ReaderOf(piece []*Element) *Element {
	return behindPiece(d.Reference, piece, d.Counterpart)
}

func behindPiece(elements, piece []*Element, counterpart map[*Element]*Element) *Element {
	for _, e := range elements {
		if counterpart[e] != nil && slices.ContainsFunc(e.inputs, func(in *Element) bool { return slices.Contains(piece, in) }) {
			return e
		}
	}
	return nil
}

// Padded reports whether an element's padding is a node of its own.
func (e *Element) Padded() bool {
	_, pads := e.Nodes[0].Layer.(layer.Pad)
	return pads && e.Nodes[0] != e.Main
}

// Reordered reports whether a join reads the counterparts of what the reference's reads, in another order.
func (d *Diff) Reordered(r, c *Element) bool {
	if len(r.inputs) != len(c.inputs) {
		return false
	}
	var order []int
	for _, in := range r.inputs {
		order = append(order, slices.Index(c.inputs, d.Counterpart[in]))
	}
	return !slices.Contains(order, -1) && !slices.IsSorted(order)
}

// Fused reports whether an activation is part of the same operation of its framework as the layer before it.
func (d *Diff) Fused(e *Element) bool {
	if e.class != activations || len(e.inputs) != 1 || e.inputs[0] == nil {
		return false
	}
	own, before := e.Main.Origin.Nodes, e.inputs[0].Main.Origin.Nodes
	return len(own) > 0 && slices.ContainsFunc(own, func(name string) bool { return slices.Contains(before, name) })
}
