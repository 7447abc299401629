package compare

import (
	"context"
	"math"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity/replay"
)

// chained runs the reference in float64 from its inputs, with the bounds of both sides carried from layer to layer, and
// compares the two sides' tensors under the sum of their bounds.
//
// Faults are followed as well: where a layer was wrong on its own inputs, by how much is added to a second run, and a
// layer is reached by the fault if that run differs by more than one rounding. This is exact attribution, not a limit:
// without a fault both runs are the same.
type chained struct {
	*comparison
	drift   replay.Drift
	readers map[string]int
	known   map[string]replay.Uncertainty
	faulty  map[string]*tensor.Tensor[float64] // the second run, where it differs from the first
}

func (p *chained) run(ctx context.Context, g *graph.Graph, inputs map[string]*tensor.Tensor[float64]) error {
	p.readers = readers(g)
	_, err := engine.Run(ctx, g, inputs, engine.Options[float64]{
		Threads: p.opt.Threads, Hook: p.node, Keep: func(string) bool { return false },
	})
	return err
}

func (p *chained) node(n *graph.Node, in, out []*tensor.Tensor[float64]) ([]*tensor.Tensor[float64], error) {
	if out == nil {
		return nil, nil
	}
	after, err := p.drift.Node(n, in, out, p.drift.Before(n, p.known))
	if err != nil {
		return nil, err
	}
	if err := p.drift.Flow(n, in, out, after); err != nil {
		return nil, err
	}
	if err := p.follow(n, in, out); err != nil {
		return nil, err
	}
	for i, v := range n.Outputs {
		p.known[v] = after[i]
		p.compare(v, out[i], after[i])
	}
	for _, v := range n.Inputs {
		if p.readers[v]--; p.readers[v] == 0 {
			delete(p.known, v)
			delete(p.faulty, v)
		}
	}
	return out, nil
}

func (p *chained) compare(value string, exact *tensor.Tensor[float64], u replay.Uncertainty) {
	if d := p.chainedSketch(value, exact, u); d != nil {
		r := p.byValue[value]
		r.Chained = worst(r.Chained, d)
		return
	}
	got := p.candidateTensor(value, exact.Shape)
	if got == nil {
		return
	}
	if d := p.referenceSketch(value, got, u.Limit()); d != nil {
		r := p.byValue[value]
		r.Chained = worst(r.Chained, d)
	}
	want, limit := p.referenceTensor(value, exact.Shape), u.Limit()
	if want == nil {
		want, limit = exact, u.Bounds[1] // not recorded: the replay stands in, and has no error of its own
	}
	d := replay.Measure(want, got, limit, p.opt.Threads)
	r := p.byValue[value]
	r.Chained = worst(r.Chained, &d)
}

// follow carries the second run through a node and adds the node's own fault.
func (p *chained) follow(n *graph.Node, in, out []*tensor.Tensor[float64]) error {
	second, touched := out, false
	faultyIn := make([]*tensor.Tensor[float64], len(in))
	for i, v := range n.Inputs {
		if faultyIn[i] = in[i]; p.faulty[v] != nil {
			faultyIn[i], touched = p.faulty[v], true
		}
	}
	if touched {
		shapes := make([]tensor.Shape, len(out))
		for i := range out {
			shapes[i] = out[i].Shape
		}
		second = engine.Forward(n, faultyIn, shapes, p.opt.Threads)
	}
	r := p.nodeRow(n)
	for i, v := range n.Outputs {
		t := second[i]
		if f := r.fault[v]; f != nil && f.Shape.Len() == t.Shape.Len() { // what has another size cannot be followed
			t = replay.Add(t, f)
		}
		if t != out[i] && visible(out[i], t, p.cand.Producer.U) {
			p.faulty[v], r.reached = t, true
		}
	}
	return nil
}

// visible reports whether some element differs by more than one rounding.
func visible(a, b *tensor.Tensor[float64], u float64) bool {
	for i, v := range a.Data {
		if !(replay.Distance(v, b.Data[i]) <= u*math.Abs(v)) {
			return true
		}
	}
	return false
}
