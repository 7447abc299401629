package compare

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/cause"
)

// explain looks for the cause of every row that is wrong on its own inputs.
func (c *comparison) explain(ctx context.Context) error {
	explained := map[*graph.Node]bool{} // idioms
	found := map[*row][2]int{}
	for _, r := range c.rows {
		if whole := c.wholeOf(r); r.Verdict != parity.Introduced && !c.otherShape(r) || whole != nil && explained[whole] {
			continue
		}
		list, err := c.findingsAt(ctx, r)
		if err != nil {
			return err
		}
		from := len(c.findings)
		explained[c.explainedBy(r, list)] = true
		for _, f := range list {
			if c.reported(r, f) && !c.reportedAlready(f) {
				c.findings = append(c.findings, f)
			}
		}
		found[r] = [2]int{from, len(c.findings)}
	}
	c.agreeOnMath()
	for _, r := range c.rows {
		if at := found[r]; at[1] > at[0] && !c.onlySketched(r) {
			if err := c.reproduce(r, c.findings[at[0]:at[1]]); err != nil {
				return err
			}
		}
	}
	c.noteFlushed()
	c.merge()
	c.noteUnmatched()
	c.noteInPlace()
	c.noteMissing()
	c.noteEquivalents()
	return nil
}

// reported reports whether a finding about a row, or the layer that it names, is among the rows that were asked for.
func (c *comparison) reported(r *row, f parity.Finding) bool {
	return c.selected(r) || slices.ContainsFunc(c.rows, func(o *row) bool { return c.selected(o) && o.Name == f.Layer })
}

// reportedAlready tells whether a proven cause was found at that layer already: two layers may read what is wrong.
func (c *comparison) reportedAlready(f parity.Finding) bool {
	return f.Cause != parity.Unexplained && slices.ContainsFunc(c.findings, func(o parity.Finding) bool { return o.Layer == f.Layer && o.Cause == f.Cause })
}

// unrecorded lists, in order, a row's layer and those before it of which the candidate has recorded nothing: all that a
// recording which cannot be right may come from. It is nil for the row's layer alone.
func (c *comparison) unrecorded(r *row) []string {
	inside := map[*graph.Node]bool{}
	var walk func(n *graph.Node)
	walk = func(n *graph.Node) {
		if n == nil || inside[n] {
			return
		}
		inside[n] = true
		for _, v := range n.Inputs {
			if e := c.found[v]; e == nil || e.native {
				walk(c.byValue[v].node)
			}
		}
	}
	walk(r.node)
	if len(inside) < 2 {
		return nil
	}
	return names(slices.DeleteFunc(slices.Clone(c.ref.Graph.Nodes), func(n *graph.Node) bool { return !inside[n] }))
}

// merge makes one finding of several that no layer is proven guilty for, if the same layers may be to blame for all of them: where
// what they read was not recorded, they show one fault.
func (c *comparison) merge() {
	var kept []parity.Finding
next:
	for _, f := range c.findings {
		for i := range kept {
			if common := both(kept[i], f); len(common) > 0 {
				if kept[i].NarrowedTo = common; len(common) == 1 {
					kept[i].Layer, kept[i].NarrowedTo = common[0], nil
				}
				continue next
			}
		}
		kept = append(kept, f)
	}
	c.findings = kept
}

// both lists the layers that two findings of one sort, neither of which is proven, are narrowed to.
func both(a, b parity.Finding) []string {
	if a.Cause != b.Cause || a.Evidence != nil || b.Evidence != nil {
		return nil
	}
	return slices.DeleteFunc(narrowedTo(a), func(l string) bool { return !slices.Contains(narrowedTo(b), l) })
}

// narrowedTo are the layers that may be to blame for a finding.
func narrowedTo(f parity.Finding) []string {
	if len(f.NarrowedTo) == 0 {
		return []string{f.Layer}
	}
	return slices.Clone(f.NarrowedTo)
}

// otherShape reports whether the candidate's tensor has another shape than the layer makes of the candidate's own inputs.
// Layers behind it have other shapes too, but are not to blame.
func (c *comparison) otherShape(r *row) bool {
	for _, v := range r.values {
		if c.replayed.state[v] == guilty && c.judgedBy[v] == nil && c.found[v] != nil && r.Verdict == parity.Incomparable {
			return true
		}
	}
	return false
}

func (c *comparison) findingsAt(ctx context.Context, r *row) ([]parity.Finding, error) {
	f := parity.Finding{Layer: r.Name, Candidate: r.Candidate, Severity: parity.Error}
	if c.onlySketched(r) {
		c.explainSketch(r, &f)
		return []parity.Finding{f}, nil
	}
	if r.stale != nil {
		if math, proof := c.madeWith(c.ref, c.refShapes, r.values[0]); math != "" {
			explainReferenceArithmetic(r, &f, math, proof)
		} else {
			c.explainStale(r, &f)
		}
		return []parity.Finding{f}, nil
	}
	s, stale := c.segment(r), c.staleValue(r)
	nonfinite := r.Isolated != nil && !finite(float64(r.Isolated.CandidateValue))
	if stale == "" && !nonfinite {
		if list, err := c.proveWhole(ctx, r); err != nil || list != nil {
			return list, err
		}
		return c.prove(ctx, r, s, f)
	}
	if math, proof := c.madeWith(c.cand, c.candShape, stale); math != "" {
		return c.explainArithmetic(ctx, r, f, math, proof)
	}
	if math, proof := cause.MadeWith(s); nonfinite && math != "" { // the format's own infinities
		return c.steps(r, r.Isolated, f, proof), nil
	}
	f.NarrowedTo = c.unrecorded(r)
	if nonfinite {
		f.Cause = "numerics.nonfinite"
		f.Explanation = fmt.Sprintf("the candidate's %s is %v at %v, where the same layer on the same inputs gives %.6g",
			r.Candidate, float64(r.Isolated.CandidateValue), r.Isolated.Index, float64(r.Isolated.ReferenceValue))
	} else {
		c.explainOwnStale(stale, &f)
	}
	return []parity.Finding{f}, nil
}

// staleValue returns a tensor that the candidate has recorded for a row, or on the way to it, and that its own graph does not
// reproduce.
func (c *comparison) staleValue(r *row) string {
	if c.own.stale[r.Candidate] != nil {
		return r.Candidate
	}
	for _, n := range c.counterpart(r.Candidate) {
		for _, v := range n.Outputs {
			if c.own.stale[v] != nil {
				return v
			}
		}
	}
	return ""
}

func (c *comparison) explainOwnStale(value string, f *parity.Finding) {
	d := c.own.stale[value]
	f.Cause = "recording.stale"
	if !finite(float64(d.CandidateValue)) {
		f.Cause = "numerics.nonfinite"
	}
	f.Explanation = fmt.Sprintf("the candidate's recorded %s is %.6g at %v, where its own model computes %.6g from its own recorded inputs",
		value, float64(d.CandidateValue), d.Index, float64(d.ReferenceValue))
	f.Fix = "record the candidate's tensors again with the weights and inputs that lie beside them, or compare with the source @native"
	if d.Ratio <= float16Bounds {
		f.Indistinguishable = []string{"numerics.precision"}
	}
}

// float16Bounds is how many bounds of float32 one of float16 is, at least: every rule is linear in the roundoff, or more.
const float16Bounds = 1 << 13

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

// prove tries the catalogue on the row's segment. f has what is known already.
func (c *comparison) prove(ctx context.Context, r *row, s *cause.Segment, f parity.Finding) ([]parity.Finding, error) {
	e, err := cause.Explain(ctx, s)
	if err != nil {
		return nil, err
	}
	if e.Proof == nil {
		c.unexplained(r, s, e, &f)
		return []parity.Finding{f}, nil
	}
	return c.steps(r, r.Isolated, f, e.Proof), nil
}

// steps lists the findings of a proof about a row's difference, and moves the blame to their layers.
func (c *comparison) steps(r *row, before *parity.Difference, f parity.Finding, proof *cause.Proof) []parity.Finding {
	list := c.proven(proof, before, f)
	c.proofs[r] = proof
	c.blame(r, c.guilty(proof))
	return list
}

// proven says what was proven of a difference. f has what is known already.
func (c *comparison) proven(proof *cause.Proof, before *parity.Difference, f parity.Finding) []parity.Finding {
	var list []parity.Finding
	for _, step := range proof.Steps {
		f := f
		c.state(&f, before, step, proof)
		if step.Variant.Layer != nil {
			f.Layer = c.nodeRow(step.Variant.Layer).Name
		}
		list = append(list, f)
	}
	return list
}

// state writes down what a step of a proof says of a difference.
func (c *comparison) state(f *parity.Finding, before *parity.Difference, step cause.Step, proof *cause.Proof) {
	f.Cause, f.Indistinguishable, f.NarrowedTo = step.Cause.ID, step.Others, step.Layers
	f.Parameters, f.Explanation, f.Fix = step.Variant.Parameters, step.Variant.Explanation, step.Variant.Fix
	if f.Fix == "" {
		f.Fix = step.Cause.Fix.For(c.cand.Info.Framework)
	}
	f.Evidence = &parity.Evidence{RatioBefore: parity.Number(math.Inf(1)), RatioAfter: proof.After.Ratio}
	if before != nil {
		f.Evidence.RatioBefore = before.Ratio
	}
}

// guilty are the rows of the layers that a proof is about.
func (c *comparison) guilty(p *cause.Proof) map[*row]bool {
	rows := map[*row]bool{}
	for _, step := range p.Steps {
		if step.Variant.Layer != nil {
			rows[c.nodeRow(step.Variant.Layer)] = true
		}
	}
	return rows
}

// unexplained says what was excluded and how far the blame is narrowed.
func (c *comparison) unexplained(r *row, s *cause.Segment, e cause.Explanation, f *parity.Finding) {
	f.Cause = parity.Unexplained
	f.Explanation = "no cause in the catalogue reproduces the candidate's numbers"
	if len(e.Excluded) > 0 {
		f.Explanation += "; excluded: " + strings.Join(e.Excluded, ", ")
	}
	if len(s.Nodes) > 1 {
		f.NarrowedTo = names(s.Nodes)
	}
	switch {
	case len(e.Weak) > 0:
		f.Explanation = strings.Join(e.Weak, ", ") + " would reproduce the candidate's numbers, but too few of them are out of bound to tell that from chance"
	case r.node == nil:
		f.Explanation = "the two sides were fed different inputs, which no change of a picture's preparation explains"
		if r.Isolated != nil {
			f.Explanation += fmt.Sprintf(": %.6g and %.6g at %v", float64(r.Isolated.ReferenceValue), float64(r.Isolated.CandidateValue), r.Isolated.Index)
		}
	case e.Untried:
		f.Explanation = fmt.Sprintf("the fault is in one of %d layers, of which the candidate has recorded only the last; record those between to find it", len(s.Nodes))
	}
	f.RecordNext = c.recordNext(s.Nodes, s.Output, f.NarrowedTo)
	f.Explanation += c.structureHint(s.Nodes)
}

// blame moves the verdict to the layers of the segment that were proven guilty.
func (c *comparison) blame(end *row, guilty map[*row]bool) {
	if len(guilty) == 0 || guilty[end] {
		return
	}
	for at := range guilty {
		at.Verdict = parity.Introduced
	}
	if end.Verdict == parity.Introduced {
		end.Verdict = parity.Inherited
	}
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
	if i := slices.IndexFunc(r.values, func(v string) bool { return r.fault[v] != nil }); i >= 0 {
		value = r.values[i]
	}
	s := c.newSegment(r, value)
	if r.node == nil {
		s.Inputs[value] = tensor.As[float64](c.ref.Trace.Values[value])
		return s
	}
	s.Nodes = c.collect(s, r.node, map[*graph.Node]bool{})
	s.Names = c.namesOf(s.Inputs)
	s.Counterpart = asWholes(c.counterpart(r.Candidate))
	return s
}

// newSegment is one that ends in a value of a row, without nodes yet.
func (c *comparison) newSegment(r *row, value string) *cause.Segment {
	return &cause.Segment{
		Inputs: map[string]*tensor.Tensor[float64]{}, Limits: map[string]*tensor.Tensor[float64]{}, Output: value,
		Candidate: c.candidateAs(value), Producer: c.producerAt(r),
		Framework: c.cand.Info.Framework, Shapes: c.candShape,
		Reference: c.ref.Graph, ReferenceShapes: c.refShapes, Threads: c.opt.Threads,
		Others: func(shape tensor.Shape) map[string]*tensor.Tensor[float64] { return c.others(value, shape) }, Vouched: c.vouched,
	}
}

// namesOf are the candidate's names for values of the reference.
func (c *comparison) namesOf(values map[string]*tensor.Tensor[float64]) map[string]string {
	list := map[string]string{}
	for v := range values {
		if list[v] = c.pairs[v].Candidate; c.found[v] != nil {
			list[v] = c.found[v].name
		}
	}
	return list
}

// vouched reports whether a layer that the candidate has no tensor of is right all the same, because something that reads it
// is.
func (c *comparison) vouched(n *graph.Node) bool {
	for _, v := range n.Outputs {
		if c.found[v] != nil {
			return false
		}
		for _, reader := range c.replayed.consumers[v] {
			r := c.nodeRow(reader)
			if r.Isolated != nil && r.Isolated.Ratio.Within() || r.Isolated == nil && c.vouched(reader) {
				return true
			}
		}
	}
	return false
}

// others lists the candidate's tensors of a shape for values of the reference that stand before one.
func (c *comparison) others(value string, shape tensor.Shape) map[string]*tensor.Tensor[float64] {
	list := map[string]*tensor.Tensor[float64]{}
	for v := range c.found {
		if t := c.replayed.flow[v]; t != nil && t.Shape.Equal(shape) && c.replayed.index[v] < c.replayed.index[value] {
			list[v] = t
		}
	}
	return list
}

// counterpart collects, in order, the candidate's nodes between a value and the nearest ones before it that are
// known to be values of the reference.
func (c *comparison) counterpart(value string) []*graph.Node {
	return c.counterpartTo(value, func(e *evidence) bool { return e.owner != "" })
}

// counterpartTo is counterpart with its ends.
func (c *comparison) counterpartTo(value string, end func(e *evidence) bool) []*graph.Node {
	const most = 40
	inside := map[*graph.Node]bool{}
	for queue := []string{value}; len(queue) > 0 && len(inside) < most; queue = queue[1:] {
		n := c.writers[queue[0]]
		if e := c.evidence[queue[0]]; n == nil || inside[n] || queue[0] != value && e != nil && end(e) {
			continue
		}
		inside[n] = true
		queue = append(queue, n.Inputs...)
	}
	var list []*graph.Node
	for _, n := range c.cand.Graph.Nodes {
		if inside[n] {
			list = append(list, n)
		}
	}
	return list
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
		if e := c.found[v]; e != nil && e == c.found[s.Output] {
			s.Inputs[v] = s.Candidate.Reshaped(c.replayed.flow[v].Shape...) // the candidate ends here
		} else if e != nil && c.replayed.flow[v] != nil {
			s.Inputs[v] = c.replayed.flow[v]
			if u, uncertain := e.uncertainty(s.Inputs[v].Shape); uncertain {
				s.Limits[v] = u.Bounds[0]
			}
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

func few(list []string) string {
	if len(list) > 3 {
		return strings.Join(list[:3], ", ") + ", ..."
	}
	return strings.Join(list, ", ")
}
