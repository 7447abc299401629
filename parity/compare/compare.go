// Package compare holds two sides against each other, layer by layer: each layer on the candidate's own inputs
// (isolated) and in the whole run (chained), under rounding bounds, and names the causes of what differs.
package compare

import (
	"context"
	"fmt"
	"path"
	"slices"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/align"
	"parity/parity/cause"
	"parity/parity/structure"
	"parity/parity/trace"
)

// Side is a model with the tensors of one run of it.
type Side struct {
	Info     parity.Side
	Graph    *graph.Graph
	Trace    *trace.Trace // inputs included
	Producer bound.Producer
	// AnyLayout: the tensors may be NHWC or NCHW, their shapes have to tell.
	AnyLayout bool
}

// recorded reports whether the tensors come from a file and not from a replay of the graph.
func (s Side) recorded() bool { return s.Info.Source == "recorded" }

// Options steer a comparison.
type Options struct {
	// Map pairs layers or values of the reference with those of the candidate, before anything else does.
	Map map[string]string
	// Only restricts the rows to layers of these names; path.Match patterns are understood.
	Only []string
	// Profiles asks for the spread of every layer's difference.
	Profiles bool
	// Reproduce is given what the findings at each layer rest on; nil for nobody.
	Reproduce   func(Reproduction) error
	Threads     int
	Environment parity.Environment
}

// Run compares two sides.
func Run(ctx context.Context, ref, cand Side, opt Options) (*parity.Result, error) {
	c := newComparison(ref, cand, opt)
	if r, err := c.apart(ctx); r != nil || err != nil {
		return r, err
	}
	for _, step := range []func(context.Context) error{c.isolate, c.judgeSketches, c.checkReference, c.chain, c.judge, c.cover, c.explain} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	c.collapse()
	c.describe()
	return c.result(), nil
}

type comparison struct {
	ref, cand Side
	opt       Options
	refShapes map[string]tensor.Shape
	candShape map[string]tensor.Shape
	alignment *align.Alignment
	pairs     map[string]align.Pair // by the reference's value; those of the alignment, mended by the numbers
	own       own
	evidence  map[string]*evidence // by the candidate's value
	byShape   map[string][]*evidence
	found     map[string]*evidence // what the candidate has for a value of the reference
	judgedBy  map[string]*judged   // how far that is from the replay
	replayed  *reconcile
	rows      []*row
	byValue   map[string]*row // the row that judges a value of the reference
	findings  []parity.Finding
	sketches  map[string]*sketched    // of the candidate, by the reference's value
	inPlace   map[string]bool         // the candidate's tensors that were recorded after the next layer had changed them
	proofs    map[*row]*cause.Proof   // of the rows that the catalogue explains
	writers   map[string]*graph.Node  // of the candidate's values
	diff      *structure.Diff         // of the graphs; nil where the candidate has none
	structure *parity.Structure       // the same as it is reported
	producers map[*row]bound.Producer // of the rows whose arithmetic was found out
	wholes    map[*row]*graph.Node    // see wholeOf
}

func newComparison(ref, cand Side, opt Options) *comparison {
	return &comparison{ref: ref, cand: cand, opt: opt, writers: cand.Graph.Producers()}
}

// row is one layer of the reference, or one of its inputs, with what the passes found.
type row struct {
	parity.Layer
	node   *graph.Node // nil for an input
	values []string
	// fault holds, per value, by how much the candidate is off where it is out of bound, and zero elsewhere.
	fault map[string]*tensor.Tensor[float64]
	// undecided: some elements could not be judged, because the candidate's inputs to them are not finite.
	undecided bool
	// reached: a fault before this layer changes what the candidate has here by more than rounding.
	reached bool
	// flushed counts the candidate's zeros in the place of denormal numbers, flushedReference those of the reference.
	flushed, flushedReference int
	// vacuous: zeros would be within the candidate's bound.
	vacuous bool
	// hidden: the row of an idiom stands for this one. reads are the values that it reads then, nil for its node's own.
	hidden bool
	reads  []string
	// stale is the reference's own recording against its own model, where that does not hold.
	stale *parity.Difference
	// sketched is what the candidate's sketches of the row's values came to; nil for none.
	sketched *sketched
}

func (c *comparison) align(context.Context) error {
	var err error
	if c.refShapes, err = shapes(c.ref); err != nil {
		return fmt.Errorf("reference: %w", err)
	}
	if c.candShape, err = shapes(c.cand); err != nil {
		return fmt.Errorf("candidate: %w", err)
	}
	if len(c.cand.Graph.Nodes) == 0 {
		c.readLayout()
	}
	c.alignment, err = align.Values(align.Side{Graph: c.ref.Graph, Shapes: c.refShapes}, align.Side{Graph: c.cand.Graph, Shapes: c.candShape}, c.opt.Map)
	if err == nil && len(c.cand.Graph.Nodes) == 0 {
		c.alignment.ByNames(c.refShapes, c.candShape)
	}
	return err
}

func (c *comparison) makeRows(context.Context) error {
	c.byValue, c.proofs, c.producers = map[string]*row{}, map[*row]*cause.Proof{}, map[*row]bound.Producer{}
	for _, in := range c.ref.Graph.Inputs {
		c.addRow(&row{Layer: parity.Layer{Name: in.Name, Kind: "Input"}, values: []string{in.Name}})
	}
	for _, n := range c.ref.Graph.Nodes {
		c.addRow(&row{Layer: parity.Layer{Name: n.Name, Kind: shown(n).Layer.Kind()}, node: n, values: n.Outputs})
	}
	return c.checkOnly()
}

func (c *comparison) addRow(r *row) {
	r.fault = map[string]*tensor.Tensor[float64]{}
	for _, v := range r.values {
		c.byValue[v] = r
	}
	c.rows = append(c.rows, r)
}

// checkOnly refuses a pattern that selects nothing: a gate on a misspelt layer would always pass.
func (c *comparison) checkOnly() error {
	for _, pattern := range c.opt.Only {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("--only %q: not a valid pattern", pattern)
		}
		if !slices.ContainsFunc(c.rows, func(r *row) bool { return matches(pattern, r.Name) }) {
			return fmt.Errorf("--only %q: the reference has no such layer", pattern)
		}
	}
	return nil
}

func (c *comparison) selected(r *row) bool {
	return len(c.opt.Only) == 0 || slices.ContainsFunc(c.opt.Only, func(p string) bool { return matches(p, r.Name) })
}

func matches(pattern, name string) bool {
	ok, _ := path.Match(pattern, name)
	return ok || pattern == name
}

// candidateTensor returns the candidate's tensor for a value of the reference, in the reference's shape and in
// float64; nil where the candidate has none or its shape does not fit.
func (c *comparison) candidateTensor(value string, shape tensor.Shape) *tensor.Tensor[float64] {
	e := c.found[value]
	if e == nil || !align.SameNumbers(e.t.Dims(), shape) {
		return nil
	}
	return e.value().Reshaped(shape...)
}

// referenceTensor is the reference's own tensor of a value.
func (c *comparison) referenceTensor(value string, shape tensor.Shape) *tensor.Tensor[float64] {
	return fitted(c.ref.Trace.Values[value], shape)
}

func fitted(t tensor.Any, shape tensor.Shape) *tensor.Tensor[float64] {
	if t == nil || !align.SameNumbers(t.Dims(), shape) {
		return nil
	}
	return tensor.As[float64](t).Reshaped(shape...)
}
