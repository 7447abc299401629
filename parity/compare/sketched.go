package compare

import (
	"context"
	"fmt"
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/align"
	"parity/parity/replay"
	"parity/parity/sketch"
	"parity/parity/trace"
)

// A side may have kept sketches of tensors in their place (package sketch). What they are of does not flow on: the replay does, from the
// nearest tensors before that are whole, and the sketch is held against it.

// sketched is one sketch of the candidate against the replay.
type sketched struct {
	parity.Difference
	*sketchOf
	misfit, vacuous bool
	// tainted: something before it that nobody has recorded whole is wrong already.
	tainted bool
	power   parity.Sketch
}

// sketchOf is a sketch of a side's value, with what it takes to hold a tensor of the reference against it.
type sketchOf struct {
	*sketch.Sketch
	graph  *graph.Graph
	name   string
	common tensor.Shape // its shape in the graph's layout
}

// sketchIn is a side's sketch of a value of its own; nil for none.
func (c *comparison) sketchIn(s Side, name string) *sketchOf {
	k := s.Trace.Sketches[name]
	if k == nil {
		return nil
	}
	common := k.Shape
	if axes := s.Graph.Values[name].ToCommon; len(axes) == len(k.Shape) {
		common = make(tensor.Shape, len(axes))
		for i, a := range axes {
			common[i] = k.Shape[a]
		}
	}
	return &sketchOf{k, s.Graph, name, common}
}

// stored is a tensor of the reference's shape as the side would have recorded it; nil where the numbers do not fit, or for nil.
func (s *sketchOf) stored(t *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if t == nil || !align.SameNumbers(t.Shape, s.common) {
		return nil
	}
	own := tensor.As[float64](trace.Stored(s.graph, s.name, t.Reshaped(s.common...)))
	if !own.Shape.Equal(s.Shape) { // recorded with another number of dimensions than the graph has
		return nil
	}
	return own
}

// inCommon turns coordinates in the recorded layout into those of the graph's.
func (s *sketchOf) inCommon(index []int) []int {
	axes := s.graph.Values[s.name].ToCommon
	if len(axes) != len(index) {
		return index
	}
	out := make([]int, len(index))
	for i, a := range axes {
		out[i] = index[a]
	}
	return out
}

// against holds the sketch against a replay.
func (s *sketchOf) against(x, limit *tensor.Tensor[float64]) *sketched {
	j := &sketched{sketchOf: s}
	own, allowed := s.stored(x), s.stored(limit)
	if j.misfit = own == nil || limit != nil && allowed == nil; j.misfit {
		j.Ratio, j.MaxAbs = parity.Number(math.Inf(1)), parity.Number(math.Inf(1))
		return j
	}
	j.Difference, j.vacuous = s.Judge(own, allowed)
	j.Index = s.inCommon(j.Index)
	element, offset := s.Power(own, allowed)
	j.power = parity.Sketch{Elements: len(own.Data), Numbers: s.Numbers(), Element: parity.Number(element), Offset: parity.Number(offset)}
	return j
}

// followSketches holds the sketches that of finds for values of the reference against the replay of a pass. A value is tainted, as
// of says or because its sketch is wrong, and so is all that follows from it up to the next whole tensors.
func (c *comparison) followSketches(pass *isolated, of func(value string) (s *sketchOf, wrong bool)) map[string]*sketched {
	list, tainted := map[string]*sketched{}, map[string]bool{}
	pass.seen = func(n *graph.Node, v string, x, limit *tensor.Tensor[float64]) {
		before := false
		for _, in := range n.Inputs {
			before = before || tainted[in]
		}
		s, wrong := of(v)
		if s != nil {
			list[v] = s.against(x, limit)
			list[v].tainted = before
			wrong = wrong || !list[v].Ratio.Within()
		}
		tainted[v] = (before || wrong) && pass.given(v, x.Shape) == nil
	}
	return list
}

// judgeSketches holds the candidate's sketches against the reference on the candidate's own inputs.
func (c *comparison) judgeSketches(ctx context.Context) error {
	if len(c.cand.Trace.Sketches) == 0 {
		return nil
	}
	recorded := func(v string, shape tensor.Shape) *tensor.Tensor[float64] {
		if e := c.found[v]; e == nil || e.native {
			return nil
		}
		return c.candidateTensor(v, shape)
	}
	pass := &isolated{given: recorded, drift: c.drift(c.cand)}
	c.sketches = c.followSketches(pass, func(v string) (*sketchOf, bool) {
		j := c.judgedBy[v]
		return c.candidateSketch(v), j != nil && j.fault != nil
	})
	if err := pass.run(ctx, c.ref.Graph, c.inputs(recorded)); err != nil {
		return err
	}
	for _, r := range c.rows {
		for _, v := range r.values {
			if s := c.sketches[v]; s != nil {
				c.noteSketch(r, v, s)
			}
		}
	}
	return nil
}

// noteSketch gives a row the worst of the sketches of its values.
func (c *comparison) noteSketch(r *row, value string, s *sketched) {
	if r.sketched == nil || !(s.Ratio <= r.sketched.Ratio) {
		r.sketched = s
	}
	if r.Candidate == "" {
		pair := c.alignment.Pairs[value]
		r.Candidate, r.PairedBy, r.Why = s.name, pair.By, pair.Why
	}
	power := r.sketched.power
	r.Sketch = &power
}

// candidateSketch is the candidate's sketch in the pair of a value; nil for none.
func (c *comparison) candidateSketch(value string) *sketchOf {
	for _, pairs := range []map[string]align.Pair{c.pairs, c.alignment.Pairs} {
		if pair, ok := pairs[value]; ok {
			if s := c.sketchIn(c.cand, pair.Candidate); s != nil {
				return s
			}
		}
	}
	return nil
}

// judgeSketch gives a row the verdict of its sketch, unless its tensor or the candidate's own graph says worse.
func (r *row) judgeSketch() {
	s := r.sketched
	right := r.Verdict == parity.Missing || r.Verdict == parity.Match
	if right || r.Isolated == nil {
		d := s.Difference
		r.Isolated = &d
	}
	switch {
	case s.misfit:
		r.Verdict, r.Isolated, r.Chained = parity.Incomparable, nil, nil
		r.Detail = fmt.Sprintf("the candidate's sketch is of a tensor of shape %v, which the reference's is not", s.common)
	case !right:
	case s.vacuous:
		r.Verdict = parity.Incomparable
		r.Detail = "by the rounding that may have piled up since the last whole tensor, the sketch would let zeros pass: record a tensor before it whole"
	case !s.Ratio.Within() && !s.tainted:
		r.Verdict = parity.Introduced
	case !s.Ratio.Within() || r.Chained == nil || !r.Chained.Ratio.Within():
		r.Verdict = parity.Inherited
	default:
		r.Verdict = parity.Match
	}
}

// chainedSketch holds the candidate's sketch of a value against the reference's run; nil where it has none, or the tensor.
func (p *chained) chainedSketch(value string, exact *tensor.Tensor[float64], u replay.Uncertainty) *parity.Difference {
	s := p.sketches[value]
	if s == nil || s.misfit {
		return nil
	}
	want, limit := p.referenceTensor(value, exact.Shape), u.Limit()
	if want == nil {
		want, limit = exact, u.Bounds[1]
	}
	return &s.against(want, limit).Difference
}

// referenceSketch holds the candidate's tensor of a value against the reference's sketch of it; nil where that has none.
func (c *comparison) referenceSketch(value string, got, limit *tensor.Tensor[float64]) *parity.Difference {
	s := c.sketchIn(c.ref, value)
	if s == nil {
		return nil
	}
	d := s.against(got, limit).Difference
	d.ReferenceValue, d.CandidateValue = d.CandidateValue, d.ReferenceValue
	return &d
}

// onlySketched reports whether a row is wrong by its sketch alone: there is no tensor that a cause could be proven with.
func (c *comparison) onlySketched(r *row) bool {
	if r.sketched == nil || r.stale != nil {
		return false
	}
	for _, v := range r.values {
		if j := c.judgedBy[v]; j != nil && j.fault != nil {
			return false
		}
	}
	return true
}

func (c *comparison) explainSketch(r *row, f *parity.Finding) {
	f.Cause = parity.Unexplained
	f.NarrowedTo = c.unrecorded(r)
	f.Explanation = fmt.Sprintf("the candidate's sketch of %s is %.3g times what rounding allows; a sketch proves no cause", r.Candidate, float64(r.sketched.Ratio))
	if len(c.cand.Graph.Nodes) > 0 {
		f.Explanation += ", and the candidate's own model does not show the difference: the tensors may have been recorded with other weights or inputs"
	}
	f.RecordNext = []parity.Recording{{Layer: r.Name, Tensor: r.Candidate}}
}
