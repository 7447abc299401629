package compare

import (
	"context"
	"math"
	"slices"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/replay"
)

// given returns a side's tensor for a value of the reference, nil for none.
type given func(value string, shape tensor.Shape) *tensor.Tensor[float64]

// judged is one value held against the replay of its segment on the side's own inputs.
type judged struct {
	parity.Difference
	fault     *tensor.Tensor[float64] // nil if within the bound
	undecided bool
	// flushed counts the zeros in the place of denormal numbers; vacuous says that a tensor of zeros would be within the limit.
	flushed int
	vacuous bool
	profile *parity.Profile
}

// isolated runs the reference in float64 and puts a side's own tensors in place of every value that it has, so that each
// is judged on that side's own inputs. Values that it lacks flow on with their bound: a segment may span
// several layers.
type isolated struct {
	given   given
	drift   replay.Drift
	known   map[string]replay.Uncertainty // of the values that flow on
	readers map[string]int                // nodes that have yet to read a value
	judged  map[string]*judged
	skipped map[string]bool // nodes that could not be computed
	// keep has every value as it was replayed left in out, and in passed those recorded ones that were replayed from others
	// than recorded values. instead are tensors that flow on in place of the side's own.
	keep         bool
	out, instead map[string]*tensor.Tensor[float64]
	limits       map[string]*tensor.Tensor[float64] // of those in out, how far the side's own may be from them
	passed       map[string]bool
	misfit       map[string]bool // the side's own tensors whose shape is not that of the replay
	// seen is told of every value that was replayed; nil for nobody.
	seen func(n *graph.Node, value string, x, limit *tensor.Tensor[float64])
}

func (p *isolated) run(ctx context.Context, g *graph.Graph, inputs map[string]*tensor.Tensor[float64]) error {
	p.known, p.judged, p.skipped = map[string]replay.Uncertainty{}, map[string]*judged{}, map[string]bool{}
	p.out, p.passed, p.limits = map[string]*tensor.Tensor[float64]{}, map[string]bool{}, map[string]*tensor.Tensor[float64]{}
	p.readers = readers(g)
	r, err := engine.Run(ctx, g, inputs, engine.Options[float64]{
		Threads: p.drift.Threads, Hook: p.node, Keep: func(string) bool { return false },
	})
	if err != nil {
		return err
	}
	for _, name := range r.Skipped {
		p.skipped[name] = true
	}
	return nil
}

func (p *isolated) node(n *graph.Node, in, out []*tensor.Tensor[float64]) ([]*tensor.Tensor[float64], error) {
	if out == nil {
		return p.substitute(n), nil
	}
	replayed := slices.ContainsFunc(n.Inputs, func(v string) bool { _, flows := p.known[v]; return flows })
	after, err := p.drift.Node(n, in, out, p.drift.Before(n, p.known))
	if err != nil {
		return nil, err
	}
	if p.keep {
		for i, v := range n.Outputs {
			p.out[v], p.passed[v], p.limits[v] = out[i], replayed, after[i].Limit()
		}
	}
	flow, flows := make([]*tensor.Tensor[float64], len(out)), false
	for i, v := range n.Outputs {
		if p.seen != nil {
			p.seen(n, v, out[i], after[i].Limit())
		}
		own := p.given(v, out[i].Shape)
		if own == nil {
			flows, flow[i] = true, out[i]
			continue
		}
		p.judged[v] = judge(out[i], own, after[i].Limit(), in, p.drift.Threads)
		if flow[i] = own; p.instead[v] != nil {
			flow[i] = p.instead[v]
		}
	}
	if flows {
		err = p.pass(n, in, out, flow, after)
	}
	p.forget(n)
	return flow, err
}

// pass remembers how uncertain the outputs are that flow on as they were replayed.
func (p *isolated) pass(n *graph.Node, in, out, flow []*tensor.Tensor[float64], after []replay.Uncertainty) error {
	if err := p.drift.Flow(n, in, out, after); err != nil {
		return err
	}
	for i, v := range n.Outputs {
		if flow[i] == out[i] {
			p.known[v] = after[i]
		}
	}
	return nil
}

// forget frees what no later node reads.
func (p *isolated) forget(n *graph.Node) {
	for _, v := range n.Inputs {
		if p.readers[v]--; p.readers[v] == 0 {
			delete(p.known, v)
		}
	}
}

// substitute lets a side's own tensors take the place of an operation that cannot be computed.
func (p *isolated) substitute(n *graph.Node) []*tensor.Tensor[float64] {
	var flow []*tensor.Tensor[float64]
	for _, v := range n.Outputs {
		own := p.given(v, nil)
		if own == nil {
			return nil
		}
		flow = append(flow, own)
	}
	return flow
}

// judge holds a side's own tensor against the replay, of which in are the inputs.
func judge(want, own, limit *tensor.Tensor[float64], in []*tensor.Tensor[float64], threads int) *judged {
	j := &judged{Difference: replay.Measure(want, own, limit, threads), flushed: flushedOf(want, own), vacuous: replay.Vacuous(want, limit)}
	if j.Ratio.Within() {
		return j
	}
	if !allFinite(in) {
		want, own, j.undecided = decidable(want, own)
		j.Difference = replay.Measure(want, own, limit, threads)
	}
	if !j.Ratio.Within() {
		j.fault = fault(want, own, limit)
	}
	return j
}

// decidable clears, in copies of both, the elements that the replay cannot know because it is not finite there, and
// reports whether there are any.
func decidable(want, own *tensor.Tensor[float64]) (w, o *tensor.Tensor[float64], some bool) {
	w, o = want.Clone(), own.Clone()
	for i, v := range w.Data {
		if !finite(v) {
			w.Data[i], o.Data[i], some = 0, 0, true
		}
	}
	return w, o, some
}

func fault(want, own, limit *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	out := tensor.New[float64](want.Shape...)
	for i, v := range want.Data {
		allowed := 0.0
		if limit != nil {
			allowed = limit.Data[i]
		}
		if !(replay.Distance(v, own.Data[i]) <= allowed) {
			out.Data[i] = own.Data[i] - v
		}
	}
	return out
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func allFinite(tensors []*tensor.Tensor[float64]) bool {
	for _, t := range tensors {
		if slices.ContainsFunc(t.Data, func(v float64) bool { return !finite(v) }) {
			return false
		}
	}
	return true
}

// readers counts the nodes that read each value.
func readers(g *graph.Graph) map[string]int {
	m := map[string]int{}
	for _, n := range g.Nodes {
		for _, v := range n.Inputs {
			m[v]++
		}
	}
	return m
}
