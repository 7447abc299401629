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
// Bounds grow faster than errors do: each layer multiplies the worst case, and some ten layers down no fault can exceed
// it. So faults are followed as well: where a layer was wrong on its own inputs, by how much is added to a second run,
// and a layer is reached by the fault if that run differs by more than one rounding. This is exact attribution, not a
// limit: without a fault both runs are the same.
type chained struct {
	*comparison
	readers map[string]int
	bounds  map[string]sides
	faulty  map[string]*tensor.Tensor[float64] // the second run, where it differs from the first
}

// sides is a value's bound on either side; nil is exact.
type sides struct{ ref, cand *tensor.Tensor[float64] }

func (p *chained) run(ctx context.Context, g *graph.Graph, inputs map[string]*tensor.Tensor[float64]) error {
	for _, n := range g.Nodes {
		for _, v := range n.Inputs {
			p.readers[v]++
		}
	}
	_, err := engine.Run(ctx, g, inputs, engine.Options[float64]{
		Threads: p.opt.Threads, Hook: p.node, Keep: func(string) bool { return false },
	})
	return err
}

func (p *chained) node(n *graph.Node, in, out []*tensor.Tensor[float64]) ([]*tensor.Tensor[float64], error) {
	if out == nil {
		return nil, nil
	}
	ref, cand, err := p.propagate(n, in, out)
	if err != nil {
		return nil, err
	}
	if err := p.follow(n, in, out); err != nil {
		return nil, err
	}
	for i, v := range n.Outputs {
		p.bounds[v] = sides{ref[i], cand[i]}
		p.compare(v, out[i])
	}
	for _, v := range n.Inputs {
		if p.readers[v]--; p.readers[v] == 0 {
			delete(p.bounds, v)
			delete(p.faulty, v)
		}
	}
	return out, nil
}

// propagate bounds the outputs for both sides; where both have the same bounds so far and compute alike, once.
func (p *chained) propagate(n *graph.Node, in, out []*tensor.Tensor[float64]) (ref, cand []*tensor.Tensor[float64], err error) {
	refIn, candIn := make([]*tensor.Tensor[float64], len(in)), make([]*tensor.Tensor[float64], len(in))
	alike := p.ref.Producer.Alike(p.cand.Producer, n.Layer)
	for i, v := range n.Inputs {
		refIn[i], candIn[i] = p.bounds[v].ref, p.bounds[v].cand
		alike = alike && refIn[i] == candIn[i]
	}
	if cand, err = replay.Bounds(n, in, out, candIn, p.cand.Producer, p.opt.Threads); err != nil || alike {
		return cand, cand, err
	}
	ref, err = replay.Bounds(n, in, out, refIn, p.ref.Producer, p.opt.Threads)
	return ref, cand, err
}

func (p *chained) compare(value string, exact *tensor.Tensor[float64]) {
	got := p.candidateTensor(value, exact.Shape)
	if got == nil {
		return
	}
	b := p.bounds[value]
	want, limit := p.referenceTensor(value, exact.Shape), b.cand
	if want == nil {
		want = exact // not recorded: the replay stands in, and has no error of its own
	} else {
		limit = added(b.ref, b.cand)
	}
	d := replay.Measure(want, got, limit, p.opt.Threads)
	r := p.byValue[value]
	r.Chained = worst(r.Chained, &d)
}

func added(a, b *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	return sum(a, b)
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
		if f := r.fault[v]; f != nil {
			t = sum(t, f)
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
