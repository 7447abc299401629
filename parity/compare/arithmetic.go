package compare

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/cause"
)

// A recording that its own model does not reproduce may be stale, or made in an arithmetic that nobody has declared. The second
// is proven by the side's own graph, on its own recorded inputs.

// madeWith returns the math in which a side's own graph reproduces a recorded value; empty if there is none.
func (c *comparison) madeWith(s Side, shapes map[string]tensor.Shape, value string) (string, *cause.Proof) {
	own := c.ownSegment(s, shapes, value)
	if own == nil {
		return "", nil
	}
	return cause.MadeWith(own)
}

// ownSegment is the piece of a side's own graph between a recorded value and the nearest recorded ones before it; nil where that
// cannot be cut out.
func (c *comparison) ownSegment(s Side, shapes map[string]tensor.Shape, value string) *cause.Segment {
	recorded := s.Trace.Values[value]
	if recorded == nil || shapes[value] == nil {
		return nil
	}
	own := &cause.Segment{
		Inputs: map[string]*tensor.Tensor[float64]{}, Output: value, Candidate: fitted(recorded, shapes[value]), Producer: s.Producer,
		Framework: s.Info.Framework, Shapes: shapes, Reference: s.Graph, ReferenceShapes: shapes, Threads: c.opt.Threads,
	}
	if own.Candidate == nil || !ownNodes(own, s, shapes, value, s.Graph.Producers(), map[string]bool{}) {
		return nil
	}
	return own
}

// ownNodes collects a side's nodes between a value and the nearest recorded ones before it.
func ownNodes(own *cause.Segment, s Side, shapes map[string]tensor.Shape, value string, writers map[string]*graph.Node, seen map[string]bool) bool {
	if seen[value] {
		return true
	}
	seen[value] = true
	if t := s.Trace.Values[value]; t != nil && value != own.Output {
		own.Inputs[value] = fitted(t, shapes[value])
		return own.Inputs[value] != nil
	}
	n := writers[value]
	if n == nil {
		return false
	}
	for _, v := range n.Outputs {
		seen[v] = true
	}
	for _, v := range n.Inputs {
		if !ownNodes(own, s, shapes, v, writers, seen) {
			return false
		}
	}
	own.Nodes = append(own.Nodes, n)
	return true
}

// explainArithmetic names the math of a row whose recording the candidate's own graph reproduces in no other, and then what else
// is wrong there.
func (c *comparison) explainArithmetic(ctx context.Context, r *row, f parity.Finding, math string, proof *cause.Proof) ([]parity.Finding, error) {
	p, err := c.cand.Producer.With(math)
	if err != nil {
		return nil, err
	}
	made := f
	c.state(&made, r.Isolated, proof.Steps[0], proof)
	made.NarrowedTo = c.unrecorded(r)
	if s := c.segment(r); r.node != nil && !cause.Fits(s, p) {
		c.producers[r] = p
		rest, err := c.prove(ctx, r, c.segment(r), f)
		return append([]parity.Finding{made}, rest...), err
	}
	return []parity.Finding{made}, nil
}

// producerAt is the candidate's arithmetic as far as it is known at a row.
func (c *comparison) producerAt(r *row) bound.Producer {
	if p, ok := c.producers[r]; ok {
		return p
	}
	return c.cand.Producer
}

// explainReferenceArithmetic names the math of the reference's recording.
func explainReferenceArithmetic(r *row, f *parity.Finding, math string, proof *cause.Proof) {
	v := proof.Steps[0].Variant
	f.Cause, f.Parameters = "numerics.precision", map[string]string{"reference": math, "candidate": "float32"}
	f.Evidence = &parity.Evidence{RatioBefore: r.stale.Ratio, RatioAfter: proof.After.Ratio}
	f.Explanation = fmt.Sprintf("the reference's recorded %s is what its model computes in other arithmetic (%s)", r.Name, math)
	f.Fix = v.Fix
}

// agreeOnMath looks for one math that explains all layers that were computed in another arithmetic than was declared, and
// names that at each of them: a layer alone may also be explained by less.
func (c *comparison) agreeOnMath() {
	var at []int
	words := map[string]bool{}
	for i, f := range c.findings {
		if math := f.Parameters["candidate"]; f.Cause == "numerics.precision" && f.Severity == parity.Error && f.Fix == cause.DeclareMath(c.cand.Info.Framework, math) {
			at, words[math] = append(at, i), true
		}
	}
	if len(words) < 2 {
		return
	}
	for _, math := range wider(words) {
		if p, err := c.cand.Producer.With(math); err == nil && c.explainsAll(at, p) {
			for _, i := range at {
				f := &c.findings[i]
				f.Parameters = map[string]string{"reference": "float32", "candidate": math}
				f.Fix = cause.DeclareMath(c.cand.Info.Framework, math)
			}
			return
		}
	}
}

// explainsAll reports whether the rows of findings are right in a producer's arithmetic.
func (c *comparison) explainsAll(findings []int, p bound.Producer) bool {
	for _, i := range findings {
		k := slices.IndexFunc(c.rows, func(r *row) bool { return r.Name == c.findings[i].Layer && c.found[r.values[0]] != nil })
		if k < 0 || !cause.Fits(c.segment(c.rows[k]), p) {
			return false
		}
	}
	return true
}

// wider lists maths that include one of the given ones, from the narrowest on.
func wider(words map[string]bool) []string {
	var list []string
	for _, part := range []string{":operands", ":activations", "", ":accumulations"} {
		for _, math := range slices.Sorted(maps.Keys(words)) {
			if name, _, _ := strings.Cut(math, ":"); !slices.Contains(list, name+part) && (part == "" || strings.Contains(name, "float")) {
				list = append(list, name+part)
			}
		}
	}
	return list
}
