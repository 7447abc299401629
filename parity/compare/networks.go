package compare

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/align"
	"parity/parity/cause"
	"parity/parity/structure"
	"parity/parity/trace"
)

// networks holds the two graphs against each other, where the candidate has one.
func (c *comparison) networks() {
	if len(c.cand.Graph.Nodes) == 0 {
		return
	}
	hints := map[string]string{}
	for v, p := range c.alignment.Pairs {
		hints[v] = p.Candidate
	}
	c.diff = structure.Compare(structure.Side{Graph: c.ref.Graph, Shapes: c.refShapes}, structure.Side{Graph: c.cand.Graph, Shapes: c.candShape}, hints)
	if c.diff != nil {
		c.structure = c.diff.Result()
	}
}

// apart pairs the two sides, and returns a result if the numbers of their runs have nothing to do with each other.
func (c *comparison) apart(ctx context.Context) (*parity.Result, error) {
	for _, step := range []func(context.Context) error{c.align, c.makeRows} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	c.networks()
	networks, weights, rel := c.strangers()
	switch {
	case networks:
		return c.otherNetwork(), nil
	case weights:
		return c.otherWeights(ctx, rel)
	}
	return nil, nil
}

// strangers reports whether the numbers of the two runs have nothing to do with each other, because the networks or the
// trainings are others, and says what is left to compare.
func (c *comparison) strangers() (networks, weights bool, rel relation) {
	if c.diff == nil {
		return
	}
	rel = c.relate()
	c.structure.Weights = rel.result(false)
	const few = 3 // layers: one that is written in another way, or wrong, is most of such a network
	switch {
	case c.outputsAlike() || len(c.diff.Reference) <= few:
	case c.structure.Verdict == parity.OtherNetwork:
		return len(rel.related) == 0, false, rel
	case rel.foreign():
		c.structure.Weights.Replaced = true
		return false, true, rel
	}
	return
}

// outputsAlike reports whether the two runs end in numbers that cannot be alike by chance: in spite of how they are
// written, the networks do the same.
func (c *comparison) outputsAlike() bool {
	const far = 0.99
	for i, v := range c.ref.Graph.Outputs {
		name := c.alignment.Pairs[v].Candidate
		if outs := c.cand.Graph.Outputs; name == "" && len(outs) == len(c.ref.Graph.Outputs) {
			name = outs[i]
		}
		a, b := c.ref.Trace.Values[v], c.cand.Trace.Values[name]
		if a != nil && b != nil && a.Dims().Len() == b.Dims().Len() && share(tensor.As[float32](a).Data, tensor.As[float32](b).Data) > far {
			return true
		}
	}
	return false
}

// otherNetwork is the result for two networks that have little in common: no layer of the reference is found again.
func (c *comparison) otherNetwork() *parity.Result {
	for _, r := range c.rows {
		r.Verdict = parity.Missing
	}
	weights := ", and no weights have to do with each other"
	if c.structure.Weights == nil {
		weights = ""
	}
	c.findings = []parity.Finding{{
		Cause: "structure.network", Severity: parity.Error,
		Parameters: map[string]string{"reference": kinds(c.structure.Reference), "candidate": kinds(c.structure.Candidate)},
		Explanation: fmt.Sprintf("these are different networks: %.0f%% of what is known of their layers agrees%s. The reference has %s; the candidate %s",
			100*float64(c.structure.Likeness), weights, kinds(c.structure.Reference), kinds(c.structure.Candidate)),
		Fix: "compare the port with the network that it was made from",
	}}
	return c.result()
}

// kinds writes how many layers of each kind there are.
func kinds(list []parity.KindCount) string {
	var parts []string
	for _, k := range list {
		text := fmt.Sprintf("%d %ss", k.Count, k.Kind)
		if k.Count == 1 {
			text = "1 " + k.Kind
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// otherWeights is the result for two networks that were trained separately. The candidate's run is held against its own
// network with the settings of the reference, so that what the layers do is compared, whatever their weights are.
func (c *comparison) otherWeights(ctx context.Context, rel relation) (*parity.Result, error) {
	h := c.diff.Hybrid(c.cand.Graph, c.candShape)
	ref := Side{
		Info:  parity.Side{Framework: c.ref.Info.Framework, Source: "native64"},
		Graph: h.Graph, Trace: &trace.Trace{Values: map[string]tensor.Any{}}, Producer: bound.Native64,
	}
	inner := newComparison(ref, c.cand, Options{Threads: c.opt.Threads, Profiles: c.opt.Profiles})
	for _, in := range c.cand.Graph.Inputs {
		inner.ref.Trace.Values[in.Name] = c.cand.Trace.Values[in.Name]
	}
	for _, step := range []func(context.Context) error{inner.align, inner.makeRows, inner.isolate, inner.judge, inner.explain} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	count := c.judgeByHybrid(inner, h)
	c.inputRows()
	proven := c.translated(inner)
	for _, f := range slices.Concat(c.structureFindings(proven), []parity.Finding{c.trainedApart(rel, count)}, c.misfits(h), proven) {
		if f.Layer == "" || len(f.Layers) > 0 || c.reported(c.rows[0], f) {
			c.findings = append(c.findings, f)
		}
	}
	c.noteUnmatched()
	return c.result(), nil
}

// judgedElements counts the layers that were judged, and those of them that do the same.
type judgedElements struct{ right, all int }

func (j *judgedElements) add(right bool) {
	if j.all++; right {
		j.right++
	}
}

// judgeByHybrid gives the rows their verdicts: a layer that does something else on the candidate's own inputs is
// introduced. One that does the same has run on other numbers, and if it has weights it has others.
func (c *comparison) judgeByHybrid(inner *comparison, h *structure.Hybrid) judgedElements {
	var count judgedElements
	owner := map[string]*structure.Element{}
	for _, r := range c.diff.Reference {
		for _, n := range r.Nodes {
			owner[n.Name] = r
		}
	}
	for _, row := range c.rows {
		if row.node == nil {
			continue
		}
		r := owner[row.node.Name]
		if r == nil {
			c.passOn(row)
			continue
		}
		other := c.diff.Counterpart[r]
		if other == nil {
			row.Verdict = parity.Missing
			continue
		}
		judged := inner.worstOf(other)
		within := judged.Isolated != nil && judged.Verdict != parity.Introduced && judged.Isolated.Ratio.Within()
		if row.node == r.Nodes[len(r.Nodes)-1] {
			row.Candidate, row.PairedBy, row.Why = other.Output, align.ByStructure, "its counterpart by kind, settings and place"
			row.Isolated, row.Profile = judged.Isolated, judged.Profile
			if !h.Kept[other] {
				count.add(within)
			}
		}
		switch {
		case h.Kept[other]:
			row.Verdict, row.Detail = parity.Incomparable, "the layer is another one"
		case judged.Verdict == parity.Introduced:
			row.Verdict = parity.Introduced
		case within && weightsOf(r) == nil:
			row.Verdict = parity.Inherited
		default:
			row.Verdict, row.Detail = parity.Incomparable, "the weights are other ones"
		}
	}
	return count
}

// worstOf is the row of an element's node that is wrong on its own inputs, if one is, else of the last.
func (c *comparison) worstOf(e *structure.Element) *row {
	for _, n := range e.Nodes {
		if r := c.nodeRow(n); r.Verdict == parity.Introduced {
			return r
		}
	}
	return c.byValue[e.Output]
}

// passOn gives a layer that only passes numbers on the verdict of the one before it.
func (c *comparison) passOn(row *row) {
	before := c.byValue[row.node.Inputs[0]]
	row.Verdict, row.Detail = before.Verdict, before.Detail
	if before.Verdict == parity.Introduced {
		row.Verdict = parity.Inherited
	}
	if before.node == nil {
		row.Verdict = parity.Inherited
	}
}

// inputRows judges what the two sides were fed.
func (c *comparison) inputRows() {
	for _, in := range c.ref.Graph.Inputs {
		row, pair := c.byValue[in.Name], c.alignment.Pairs[in.Name]
		own, other := c.ref.Trace.Values[in.Name], c.cand.Trace.Values[pair.Candidate]
		if other == nil {
			row.Verdict = parity.Missing
			continue
		}
		row.Candidate, row.PairedBy, row.Why = pair.Candidate, pair.By, pair.Why
		row.Verdict, row.Detail = parity.Incomparable, "the two sides were fed other numbers"
		if t := fitted(other, own.Dims()); t == nil {
			row.Detail = shapeDetail(own.Dims(), other)
		} else if slices.Equal(t.Data, tensor.As[float64](own).Data) {
			row.Verdict, row.Detail = parity.Match, ""
		}
	}
}

// translated gives the inner comparison's findings the names of the reference's layers.
func (c *comparison) translated(inner *comparison) []parity.Finding {
	names := map[string]string{}
	for r, other := range c.diff.Counterpart {
		for _, n := range other.Nodes {
			names[n.Name] = r.Name()
		}
	}
	var list []parity.Finding
	for _, f := range inner.findings {
		if f.Severity == parity.Note {
			continue
		}
		if names[f.Layer] != "" {
			f.Candidate, f.Layer = f.Layer, names[f.Layer]
		}
		for i, n := range f.NarrowedTo {
			if names[n] != "" {
				f.NarrowedTo[i] = names[n]
			}
		}
		list = append(list, f)
	}
	return list
}

// structureFindings makes a finding of every structural difference, apart from those that the numbers have proven.
func (c *comparison) structureFindings(proven []parity.Finding) (list []parity.Finding) {
	for _, d := range c.diff.Differences() {
		f := parity.Finding{
			Cause: d.Cause, Severity: parity.Error, Explanation: d.Text,
			Parameters: map[string]string{"reference": d.Reference, "candidate": d.Candidate},
			Fix:        cause.ByID(d.Cause).Fix.For(c.cand.Info.Framework),
		}
		if d.Foldable() {
			f.Severity, f.Fix = parity.Note, ""
			f.Explanation += "; both are a factor and an offset for every channel when the network runs, so that one can be folded into the other"
		}
		for _, l := range d.Result().Layers {
			if l.Reference != "" {
				f.Layers = append(f.Layers, l.Reference)
			}
			if l.Candidate != "" && f.Candidate == "" {
				f.Candidate = l.Candidate
			}
		}
		if len(f.Layers) > 0 {
			f.Layer = f.Layers[0]
		} else if b := d.At[0].Behind; b != nil {
			f.Layer = b.Name()
		}
		known := slices.ContainsFunc(proven, func(p parity.Finding) bool { return p.Layer == f.Layer && p.Cause == f.Cause })
		if len(f.Layers) < 2 {
			f.Layers = nil
		}
		if !known || len(f.Layers) > 0 {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b parity.Finding) int { return strings.Compare(string(a.Severity), string(b.Severity)) })
	return list
}

// trainedApart says once that the weights are others, and what was compared in place of the two runs.
func (c *comparison) trainedApart(rel relation, count judgedElements) parity.Finding {
	others := slices.Concat(rel.unrelated, rel.reshaped)
	slices.SortFunc(others, func(a, b *structure.Element) int {
		return slices.Index(c.diff.Reference, a) - slices.Index(c.diff.Reference, b)
	})
	f := parity.Finding{Layer: others[0].Name(), Candidate: c.diff.Counterpart[others[0]].Name(), Cause: "weights.different", Severity: parity.Error,
		Fix: "load the reference's weights into the candidate to compare the two runs"}
	for _, r := range others {
		f.Layers = append(f.Layers, r.Name())
	}
	training := "are of another training"
	if c.fresh(rel) {
		f.Cause, training = "weights.uninitialised", "were never loaded: all look like an initialiser's draws"
	}
	same := "no layer has weights of the same shape on both sides"
	if n := len(rel.unrelated); n > 0 {
		same = fmt.Sprintf("in %d of the %d layers where they have the same shape they have nothing to do with the reference's", n, n+len(rel.related))
	}
	f.Explanation = fmt.Sprintf("the candidate's weights %s; %s. The two runs are not compared. Instead the layers were run with the reference's settings on the candidate's own "+
		"weights and inputs: in %d of %d that comes to the candidate's numbers, up to rounding", training, same, count.right, count.all)
	return f
}

// fresh reports whether all of the candidate's weights that have nothing to do with the reference's are as an initialiser
// leaves them.
func (c *comparison) fresh(rel relation) bool {
	for _, r := range rel.unrelated {
		own, other := tensor.As[float32](weightsOf(r)), tensor.As[float32](weightsOf(c.diff.Counterpart[r]))
		if cause.Fresh(own, other.Reshaped(own.Shape...)) == "" {
			return false
		}
	}
	return len(rel.unrelated) > 0
}

// misfits says which layers would have another output shape with the reference's settings although their windows agree: the
// padding or the rounding is another one.
func (c *comparison) misfits(h *structure.Hybrid) (list []parity.Finding) {
	for _, r := range c.diff.Reference {
		other := c.diff.Counterpart[r]
		shape, misfit := h.Misfits[other]
		if !misfit || other == nil || c.diff.Differs(r) {
			continue
		}
		f := parity.Finding{
			Layer: r.Name(), Candidate: other.Name(), Severity: parity.Error, Cause: r.EdgeCause(),
			Explanation: fmt.Sprintf("with the reference's padding and rounding the output would have the shape %v, the candidate's has %v", shape, c.candShape[other.Output]),
		}
		f.Fix = cause.ByID(f.Cause).Fix.For(c.cand.Info.Framework)
		c.byValue[r.Output].Verdict = parity.Introduced
		list = append(list, f)
	}
	return list
}

// structureHint says what differs in structure at layers that are wrong and that nothing explains; empty for nothing.
func (c *comparison) structureHint(nodes []*graph.Node) string {
	if c.diff == nil {
		return ""
	}
	var texts []string
	for _, d := range c.diff.Differences() {
		if slices.ContainsFunc(d.At, func(p structure.Place) bool { return concerns(p, nodes) }) {
			texts = append(texts, d.Text)
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return "; the graphs differ here: " + strings.Join(texts, "; ")
}

// concerns reports whether a difference shows at one of the nodes.
func concerns(p structure.Place, nodes []*graph.Node) bool {
	of := p.Piece
	if p.Reference != nil && p.Piece == nil {
		of = []*structure.Element{p.Reference}
	}
	return slices.ContainsFunc(of, func(e *structure.Element) bool {
		return slices.ContainsFunc(e.Nodes, func(n *graph.Node) bool { return slices.Contains(nodes, n) })
	})
}
