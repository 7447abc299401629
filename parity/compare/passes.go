package compare

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/align"
	"parity/parity/replay"
)

func shapeDetail(want tensor.Shape, got tensor.Any) string {
	return fmt.Sprintf("the reference has shape %v, the candidate %v", want, got.Dims())
}

// inputs returns what a pass feeds to the reference: the given side's tensors, or the reference's own where that side has
// none that fits.
func (c *comparison) inputs(own given) map[string]*tensor.Tensor[float64] {
	m := map[string]*tensor.Tensor[float64]{}
	for _, in := range c.ref.Graph.Inputs {
		stored := c.ref.Trace.Values[in.Name]
		if m[in.Name] = own(in.Name, stored.Dims()); m[in.Name] == nil {
			m[in.Name] = tensor.As[float64](stored)
		}
	}
	return m
}

// isolate judges every layer on the candidate's own inputs. If there are differences the candidate's own graph is asked as
// well: it tells whether the recording can be right, and has the tensors that were not recorded.
func (c *comparison) isolate(ctx context.Context) error {
	for {
		c.pairs = maps.Clone(c.alignment.Pairs)
		c.found, c.judgedBy = map[string]*evidence{}, map[string]*judged{}
		c.inPlace = map[string]bool{}
		c.evidenceOf()
		c.replayed = c.newReconcile()
		err := c.replayed.run(ctx)
		if errors.Is(err, errTrouble) {
			if err = c.replayOwn(ctx); err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		if c.candidateFlushes() {
			c.cand.Producer.Flushes, c.own = true, own{}
			continue
		}
		c.replayed.known = nil // what only the run needed is freed for the passes to come
		return c.fillRows()
	}
}

// fillRows writes down what was found.
func (c *comparison) fillRows() error {
	for _, r := range c.rows {
		for _, v := range r.values {
			c.fillRow(r, v)
		}
		if r.node != nil && c.replayed.skipped[r.node.Name] {
			r.Detail = "the operation, or one that it depends on, is not supported"
		}
	}
	return nil
}

func (c *comparison) fillRow(r *row, v string) {
	e := c.found[v]
	if e == nil {
		pair, ok := c.pairs[v]
		if e := c.evidence[pair.Candidate]; ok && r.Candidate == "" && (e == nil || e.owner == "") {
			r.Candidate, r.PairedBy, r.Why = pair.Candidate, pair.By, pair.Why
			if e != nil {
				c.found[v] = e // the operation is not supported
			}
		}
		return
	}
	if r.Candidate == "" {
		r.Candidate, r.PairedBy, r.Why = e.name, align.ByValues, "the numbers agree"
		if pair, ok := c.pairs[v]; ok && pair.Candidate == e.name {
			r.PairedBy, r.Why = pair.By, pair.Why
		}
	}
	j := c.judgedBy[v]
	if j == nil {
		return
	}
	if r.Isolated = worst(r.Isolated, &j.Difference); r.Isolated == &j.Difference {
		r.Profile = j.profile
	}
	r.undecided = r.undecided || j.undecided
	r.flushed, r.vacuous = r.flushed+j.flushed, r.vacuous || j.vacuous
	if j.fault != nil {
		r.fault[v] = j.fault
	}
	if r.node == nil {
		r.Chained = r.Isolated
	}
}

// checkReference holds the reference's own recording against its own model in the same way: a recording that its
// model does not reproduce must not be what the candidate is judged by.
func (c *comparison) checkReference(ctx context.Context) error {
	if !c.ref.recorded() {
		return nil
	}
	pass := &isolated{given: c.referenceTensor, drift: c.drift(c.ref)}
	sketches := c.followSketches(pass, func(v string) (*sketchOf, bool) { return c.sketchIn(c.ref, v), false })
	if err := pass.run(ctx, c.ref.Graph, c.inputs(c.referenceTensor)); err != nil {
		return err
	}
	if !c.ref.Producer.Flushes && flushes(pass.judged, func(v string) *tensor.Tensor[float64] { return c.referenceTensor(v, c.refShapes[v]) }) {
		c.ref.Producer.Flushes = true
		return c.checkReference(ctx)
	}
	gone := overwrittenIn(c.ref, pass.wrong())
	c.noteOverwritten("reference", gone)
	c.ref.Trace = lacking(c.ref.Trace, gone)
	for v, s := range sketches {
		if r := c.byValue[v]; !s.Ratio.Within() && !s.tainted {
			r.stale = worst(r.stale, &s.Difference)
		}
	}
	for v, j := range maps.All(pass.judged) {
		r := c.byValue[v]
		r.flushedReference += j.flushed
		if j.fault != nil && !slices.Contains(gone, v) {
			r.stale = worst(r.stale, &j.Difference)
		}
	}
	return nil
}

func worst(a, b *parity.Difference) *parity.Difference {
	if a == nil || !(b.Ratio <= a.Ratio) && !math.IsNaN(float64(a.Ratio)) {
		return b
	}
	return a
}

// chain compares the two runs as wholes, and follows the faults that were found through the network.
func (c *comparison) chain(ctx context.Context) error {
	p := &chained{comparison: c, drift: c.drift(c.ref, c.cand), known: map[string]replay.Uncertainty{}, faulty: map[string]*tensor.Tensor[float64]{}}
	inputs := c.inputs(c.referenceTensor)
	for name, t := range inputs {
		p.known[name] = p.drift.Fed(name, t)
		if f := c.byValue[name].fault[name]; f != nil {
			p.faulty[name] = replay.Add(t, f)
		}
	}
	return p.run(ctx, c.ref.Graph, inputs)
}

// drift carries the bounds of the given sides.
func (c *comparison) drift(sides ...Side) replay.Drift {
	d := replay.Drift{Threads: c.opt.Threads}
	for _, s := range sides {
		d.Producers = append(d.Producers, s.Producer)
	}
	return d
}

// nodeRow is the row of a node.
func (c *comparison) nodeRow(n *graph.Node) *row { return c.byValue[n.Outputs[0]] }
