package compare

import (
	"context"
	"fmt"

	"parity/googlenet/tensor"
	"parity/parity"
)

// judge gives every row that has a tensor on both sides its verdict.
func (c *comparison) judge(context.Context) error {
	for _, r := range c.rows {
		if r.Verdict = c.verdict(r); r.Verdict == parity.Match && c.native(r) {
			r.Verdict = parity.Missing // a replay is no recording; unless something recorded covers it
		}
		if r.sketched != nil {
			r.judgeSketch()
		}
	}
	return nil
}

func (c *comparison) verdict(r *row) parity.Verdict {
	switch {
	case !c.hasTensor(r):
		return parity.Missing // unless something covers it
	case c.shapeDiffers(r) || r.Isolated == nil:
		return parity.Incomparable
	case !r.Isolated.Ratio.Within() || r.stale != nil:
		return parity.Introduced
	case r.Chained == nil:
		return parity.Incomparable
	case r.vacuous && c.cand.Producer.Math.Reduced():
		r.Detail = "the declared arithmetic allows any value here, zeros too: the comparison would prove nothing"
		return parity.Incomparable
	case r.undecided || !r.Chained.Ratio.Within() || r.reached && r.Chained.MaxAbs != 0:
		return parity.Inherited
	}
	return parity.Match
}

// native reports whether the candidate's tensors of a row were not recorded but computed from its graph.
func (c *comparison) native(r *row) bool {
	if r.sketched != nil {
		return false
	}
	for _, v := range r.values {
		if e := c.found[v]; e != nil && !e.native {
			return false
		}
	}
	return true
}

// hasTensor reports whether the candidate has a tensor for the row, of whatever shape.
func (c *comparison) hasTensor(r *row) bool {
	for _, v := range r.values {
		if c.found[v] != nil {
			return true
		}
	}
	return false
}

// shapeDiffers looks at both sides' tensors: what is recorded may not fit what the models compute.
func (c *comparison) shapeDiffers(r *row) bool {
	for _, v := range r.values {
		var got tensor.Any
		want := c.refShapes[v]
		if e := c.found[v]; e != nil {
			got = e.t
		}
		if stored := c.ref.Trace.Values[v]; stored != nil {
			want = stored.Dims()
		}
		if got != nil && want != nil && fitted(got, want) == nil {
			r.Detail = shapeDetail(want, got)
			return true
		}
		if stored := c.ref.Trace.Values[v]; stored != nil && c.refShapes[v] != nil && fitted(stored, c.refShapes[v]) == nil {
			r.Detail = fmt.Sprintf("the reference's tensor has shape %v, its model computes %v", stored.Dims(), c.refShapes[v])
			return true
		}
	}
	return false
}

// cover looks for what covers the rows that the candidate has no tensor for.
func (c *comparison) cover(context.Context) error {
	for _, r := range c.rows {
		if r.Verdict != parity.Missing {
			continue
		}
		if by := c.coveredBy(r); by != nil {
			r.Verdict, r.CoveredBy = parity.Covered, by.Name
		}
	}
	return nil
}

// coveredBy walks forward through rows without tensors to the first that is right on the candidate's inputs.
func (c *comparison) coveredBy(from *row) *row {
	consumers := c.ref.Graph.Consumers()
	queue, seen := []*row{from}, map[*row]bool{from: true}
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		for _, v := range r.values {
			for _, n := range consumers[v] {
				next := c.nodeRow(n)
				if seen[next] {
					continue
				}
				seen[next] = true
				switch {
				case next.Verdict == parity.Missing || next.Verdict == parity.Covered || c.native(next) && next.Verdict == parity.Inherited:
					queue = append(queue, next)
				case next.Verdict == parity.Match || next.Verdict == parity.Inherited:
					return next
				}
			}
		}
	}
	return nil
}
