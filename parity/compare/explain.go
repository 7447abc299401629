package compare

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/cause"
)

// explain looks for the cause of every introduced row.
func (c *comparison) explain(ctx context.Context) error {
	for _, r := range c.rows {
		if r.Verdict != parity.Introduced {
			continue
		}
		f, err := c.finding(ctx, r)
		if err != nil {
			return err
		}
		if c.selected(r) || slices.ContainsFunc(c.rows, func(o *row) bool { return c.selected(o) && o.Name == f.Layer }) {
			c.findings = append(c.findings, f)
		}
	}
	c.noteUnmatched()
	c.noteInPlace()
	return nil
}

func (c *comparison) finding(ctx context.Context, r *row) (parity.Finding, error) {
	f := parity.Finding{Layer: r.Name, Candidate: r.Candidate, Severity: parity.Error}
	switch {
	case r.stale != nil:
		c.explainStale(r, &f)
	case !finite(float64(r.Isolated.CandidateValue)):
		f.Cause = "numerics.nonfinite"
		f.Explanation = fmt.Sprintf("the candidate's %s is %v at %v, where the same layer on the same inputs gives %.6g",
			r.Candidate, float64(r.Isolated.CandidateValue), r.Isolated.Index, float64(r.Isolated.ReferenceValue))
	case r.node == nil:
		f.Cause = parity.Unexplained
		f.Explanation = fmt.Sprintf("the two sides were fed different inputs: %.6g and %.6g at %v",
			float64(r.Isolated.ReferenceValue), float64(r.Isolated.CandidateValue), r.Isolated.Index)
	default:
		return f, c.prove(ctx, r, &f)
	}
	return f, nil
}

// explainStale blames the reference's recording.
func (c *comparison) explainStale(r *row, f *parity.Finding) {
	f.Cause = "recording.stale"
	if !finite(float64(r.stale.CandidateValue)) {
		f.Cause = "numerics.nonfinite"
	}
	f.Explanation = fmt.Sprintf("the reference's recorded %s is %v at %v, where its own model computes %.6g from its own recorded inputs",
		r.Name, float64(r.stale.CandidateValue), r.stale.Index, float64(r.stale.ReferenceValue))
	f.Fix = "record the reference's tensors again with the weights and inputs that lie beside them, or compare with the source @native"
}

// prove tries the catalogue on the row's segment.
func (c *comparison) prove(ctx context.Context, r *row, f *parity.Finding) error {
	s := c.segment(r)
	proof, excluded, err := cause.Explain(ctx, s)
	if err != nil {
		return err
	}
	if proof == nil {
		f.Cause = parity.Unexplained
		f.Explanation = "no cause in the catalogue reproduces the candidate's numbers"
		if len(excluded) > 0 {
			f.Explanation += "; excluded: " + strings.Join(excluded, ", ")
		}
		if len(s.Nodes) > 1 {
			f.NarrowedTo = names(s.Nodes)
		}
		if len(excluded) == 0 {
			f.Explanation = fmt.Sprintf("the fault is in one of %d layers, of which the candidate has recorded only the last; record those between to find it", len(s.Nodes))
		}
		return nil
	}
	step := proof.Steps[0]
	f.Cause, f.Indistinguishable = step.Cause.ID, step.Others
	f.Parameters, f.Explanation, f.Fix = step.Variant.Parameters, step.Variant.Explanation, step.Variant.Fix
	if f.Fix == "" {
		f.Fix = step.Cause.Fix.For(c.cand.Info.Framework)
	}
	f.Evidence = &parity.Evidence{RatioBefore: r.Isolated.Ratio, RatioAfter: proof.After.Ratio}
	c.blame(r, step.Variant.Layer, f)
	return nil
}

// blame moves the verdict to the layer of the segment that was proven guilty.
func (c *comparison) blame(end *row, guilty *graph.Node, f *parity.Finding) {
	at := c.nodeRow(guilty)
	if at == end {
		return
	}
	f.Layer = at.Name
	at.Verdict, end.Verdict = parity.Introduced, parity.Inherited
}

func names(nodes []*graph.Node) []string {
	list := make([]string, len(nodes))
	for i, n := range nodes {
		list[i] = n.Name
	}
	return list
}

// segment collects the reference's nodes between the row and the nearest values that the candidate has.
func (c *comparison) segment(r *row) *cause.Segment {
	value := r.values[0]
	for v := range r.fault {
		value = v
	}
	s := &cause.Segment{
		Inputs: map[string]*tensor.Tensor[float64]{}, Output: value,
		Candidate: c.candidateAs(value), Producer: c.cand.Producer,
		Framework: c.cand.Info.Framework, Counterpart: c.alignment.Counterpart(r.Candidate), Shapes: c.candShape,
		Reference: c.ref.Graph, ReferenceShapes: c.refShapes, Threads: c.opt.Threads,
	}
	s.Nodes = c.collect(s, r.node, map[*graph.Node]bool{})
	return s
}

// candidateAs is the candidate's tensor in the reference's shape or, where it has other numbers, in its own.
func (c *comparison) candidateAs(value string) *tensor.Tensor[float64] {
	if t := c.candidateTensor(value, c.refShapes[value]); t != nil {
		return t
	}
	return c.found[value].value()
}

func (c *comparison) collect(s *cause.Segment, n *graph.Node, seen map[*graph.Node]bool) []*graph.Node {
	if seen[n] {
		return nil
	}
	seen[n] = true
	var nodes []*graph.Node
	for _, v := range n.Inputs {
		before := c.byValue[v]
		if c.found[v] != nil && c.replayed.flow[v] != nil {
			s.Inputs[v] = c.replayed.flow[v]
		} else if before.node == nil {
			s.Inputs[v] = tensor.As[float64](c.ref.Trace.Values[v])
		} else {
			nodes = append(nodes, c.collect(s, before.node, seen)...)
		}
	}
	return append(nodes, n)
}

// noteUnmatched mentions recorded tensors that no value of the graph explains.
func (c *comparison) noteUnmatched() {
	for _, s := range []struct {
		who  string
		side Side
	}{{"reference", c.ref}, {"candidate", c.cand}} {
		if n := len(s.side.Trace.Unmatched); n > 0 {
			c.findings = append(c.findings, parity.Finding{
				Cause: "recording.incomplete", Severity: parity.Note,
				Explanation: fmt.Sprintf("%d recorded tensor(s) of the %s have names that its model does not know and were not compared: %s",
					n, s.who, few(s.side.Trace.Unmatched)),
			})
		}
	}
}

// noteInPlace mentions blobs of a dump that are recorded as they were in the end.
func (c *comparison) noteInPlace() {
	if list := c.cand.Trace.InPlace; len(c.cand.Graph.Nodes) == 0 && len(list) > 0 {
		c.findings = append(c.findings, parity.Finding{
			Cause: "recording.in-place", Severity: parity.Note,
			Explanation: fmt.Sprintf("%d blob(s) of the candidate were recorded after the layers that change them in place, and are compared with what these leave: %s", len(list), few(list)),
		})
	}
}

func few(list []string) string {
	if len(list) > 3 {
		return strings.Join(list[:3], ", ") + ", ..."
	}
	return strings.Join(list, ", ")
}
