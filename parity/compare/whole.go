package compare

import (
	"context"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/cause"
)

// Where tensors were recorded within an idiom, its nodes have rows of their own and are judged one by one. What is wrong with them is
// said of the one layer that they are, if that explains it.

// wholeOf is that layer for a row; nil for none.
func (c *comparison) wholeOf(r *row) *graph.Node {
	if c.wholes == nil {
		c.wholes = map[*row]*graph.Node{}
		for _, n := range c.ref.Graph.Nodes {
			if n.Whole == nil || len(n.Whole.Outputs) != 1 {
				continue
			}
			for _, part := range n.Whole.Parts {
				c.wholes[c.byValue[part.Outputs[0]]] = n.Whole
			}
		}
	}
	return c.wholes[r]
}

// proveWhole tries the catalogue on the layer that a row is a part of. It returns nothing where that proves nothing, or there is none.
func (c *comparison) proveWhole(ctx context.Context, r *row) ([]parity.Finding, error) {
	whole := c.wholeOf(r)
	if whole == nil {
		return nil, nil
	}
	end := c.nodeRow(whole)
	s := c.wholeSegment(whole, end)
	if s == nil {
		return nil, nil
	}
	e, err := cause.Explain(ctx, s)
	if err != nil || e.Proof == nil {
		return nil, err
	}
	f := parity.Finding{Layer: end.Name, Candidate: end.Candidate, Severity: parity.Error}
	before := s.Before()
	return c.steps(end, &before, f, e.Proof), nil
}

// wholeSegment is the layer between the candidate's tensors at both ends; nil where the candidate lacks one.
func (c *comparison) wholeSegment(whole *graph.Node, end *row) *cause.Segment {
	value := whole.Outputs[0]
	e := c.found[value]
	if e == nil || c.candidateTensor(value, c.refShapes[value]) == nil {
		return nil
	}
	s := c.newSegment(end, value)
	s.Nodes = []*graph.Node{whole}
	for _, v := range whole.Inputs {
		t := c.replayed.flow[v]
		if t == nil {
			return nil
		}
		s.Inputs[v] = t
	}
	s.Names = c.namesOf(s.Inputs)
	for _, in := range whole.Draws { // nothing depends on what it is
		s.Inputs[in.Name] = tensor.From([]float64{0})
	}
	s.Counterpart = c.counterpartOfWhole(end.Candidate)
	return s
}

// counterpartOfWhole are the candidate's nodes for an idiom as a whole: one, if its own graph has one there.
func (c *comparison) counterpartOfWhole(value string) []*graph.Node {
	if n := c.writers[value]; n != nil && n.Whole != nil {
		return []*graph.Node{n.Whole}
	}
	return asWholes(c.counterpart(value))
}

// asWholes puts the one layer in the place of the parts of an idiom, where all of them are there.
func asWholes(nodes []*graph.Node) []*graph.Node {
	inside := map[string]bool{}
	for _, n := range nodes {
		inside[n.Outputs[0]] = true
	}
	var list []*graph.Node
	gone := map[string]bool{}
	for _, n := range slices.Backward(nodes) {
		whole := n.Whole
		complete := whole != nil && !slices.ContainsFunc(whole.Parts, func(part *graph.Node) bool { return !inside[part.Outputs[0]] })
		switch {
		case gone[n.Outputs[0]]:
		case complete:
			for _, part := range whole.Parts {
				gone[part.Outputs[0]] = true
			}
			list = append(list, whole)
		default:
			list = append(list, n)
		}
	}
	slices.Reverse(list)
	return list
}

// shown is a node, or the one layer that it ends.
func shown(n *graph.Node) *graph.Node {
	if n.Whole != nil && len(n.Whole.Outputs) == 1 {
		return n.Whole
	}
	return n
}

// explainedBy is the idiom of a row if what was found is about it as one layer; nil otherwise.
func (c *comparison) explainedBy(r *row, list []parity.Finding) *graph.Node {
	whole := c.wholeOf(r)
	if whole == nil || len(list) == 0 || c.proofs[c.nodeRow(whole)] == nil {
		return nil
	}
	return whole
}

// collapse hides the rows of an idiom's inner values where the candidate has none of them, as any other one layer would have
// no rows for what goes on in it: the layer's own row stands for them. What is read elsewhere, or is not what the reference's
// own model computes, stays.
func (c *comparison) collapse() {
	for _, n := range c.ref.Graph.Nodes {
		if n.Whole == nil || len(n.Whole.Outputs) != 1 {
			continue
		}
		inner := c.innerRows(n.Whole)
		if slices.ContainsFunc(inner, c.tellsApart) {
			continue
		}
		for _, r := range inner {
			r.hidden = true
		}
		c.nodeRow(n).reads = n.Whole.Inputs
	}
}

// tellsApart reports whether the row of an inner value says more than the idiom's. A weight that both sides have does not.
func (c *comparison) tellsApart(r *row) bool {
	if _, constant := r.node.Layer.(layer.Constant); constant && r.Verdict != parity.Introduced && r.Verdict != parity.Incomparable {
		return r.stale != nil
	}
	return c.hasTensor(r) || r.stale != nil
}

// innerRows are those of the parts that nothing but other parts reads.
func (c *comparison) innerRows(whole *graph.Node) []*row {
	inside := map[string]bool{}
	for _, part := range whole.Parts {
		inside[part.Outputs[0]] = true
	}
	consumers := c.ref.Graph.Consumers()
	var list []*row
	for i := len(whole.Parts) - 2; i >= 0; i-- {
		part := whole.Parts[i]
		outside := slices.ContainsFunc(part.Outputs, func(v string) bool {
			return slices.Contains(c.ref.Graph.Outputs, v) ||
				slices.ContainsFunc(consumers[v], func(n *graph.Node) bool { return !inside[n.Outputs[0]] })
		})
		if outside {
			inside[part.Outputs[0]] = false // what it reads is read outside as well
			continue
		}
		list = append(list, c.nodeRow(part))
	}
	return list
}
