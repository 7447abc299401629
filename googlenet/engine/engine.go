// Package engine executes graphs, in float32 or float64, with one hook that sees every node.
package engine

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Hook is called after every node with what it read and what it computed, and returns what flows on: out
// itself to observe, other tensors to substitute. For an operation that cannot be computed out is nil; if the
// hook then returns nil too, everything that depends on the node is skipped. An error ends the run.
type Hook[T tensor.Float] func(n *graph.Node, in, out []*tensor.Tensor[T]) ([]*tensor.Tensor[T], error)

// Options steer a run. The zero value computes the graph's outputs on all processors.
type Options[T tensor.Float] struct {
	Threads int // 0: one for each processor
	Hook    Hook[T]
	// Keep says which values the run returns; nil keeps the graph's outputs. All others are freed as soon as
	// their last reader has run.
	Keep func(value string) bool
}

// All keeps every value.
func All(string) bool { return true }

// Result is what a run leaves.
type Result[T tensor.Float] struct {
	Values map[string]*tensor.Tensor[T]
	// Skipped lists, in order, the nodes that could not be computed because they, or one before them, are
	// operations that are not known here.
	Skipped []string
}

// Run executes the graph on the given inputs, by name. Values are bit-identical for any number of threads.
func Run[T tensor.Float](ctx context.Context, g *graph.Graph, inputs map[string]*tensor.Tensor[T], opt Options[T]) (*Result[T], error) {
	r, err := newRun(g, inputs, opt)
	if err != nil {
		return nil, err
	}
	for _, n := range g.Nodes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := r.step(n); err != nil {
			return nil, err
		}
	}
	return &r.Result, nil
}

type run[T tensor.Float] struct {
	Result[T]
	opt     Options[T]
	readers map[string]int // nodes that have yet to read a value
}

func newRun[T tensor.Float](g *graph.Graph, inputs map[string]*tensor.Tensor[T], opt Options[T]) (*run[T], error) {
	if opt.Threads <= 0 {
		opt.Threads = runtime.GOMAXPROCS(0)
	}
	if opt.Keep == nil {
		opt.Keep = func(v string) bool { return slices.Contains(g.Outputs, v) }
	}
	r := &run[T]{opt: opt, readers: map[string]int{}}
	r.Values = map[string]*tensor.Tensor[T]{}
	for _, in := range g.Inputs {
		t := inputs[in.Name]
		if t == nil {
			return nil, fmt.Errorf("no tensor for the input %q (given: %s)", in.Name, names(inputs))
		}
		r.Values[in.Name] = t
	}
	for _, n := range g.Nodes {
		for _, v := range n.Inputs {
			r.readers[v]++
		}
	}
	return r, nil
}

func names[T tensor.Float](m map[string]*tensor.Tensor[T]) string {
	list := make([]string, 0, len(m))
	for name := range m {
		list = append(list, name)
	}
	slices.Sort(list)
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

func (r *run[T]) step(n *graph.Node) error {
	in := make([]*tensor.Tensor[T], len(n.Inputs))
	ready := true
	for i, v := range n.Inputs {
		in[i] = r.Values[v]
		ready = ready && in[i] != nil
	}
	out, err := r.compute(n, in, ready)
	if err != nil {
		return err
	}
	if r.opt.Hook != nil {
		if out, err = r.opt.Hook(n, in, out); err != nil {
			return err
		}
	}
	if out == nil {
		r.Skipped = append(r.Skipped, n.Name)
	}
	r.store(n, out)
	return nil
}

// compute returns nil for an operation that is unknown or lacks an input.
func (r *run[T]) compute(n *graph.Node, in []*tensor.Tensor[T], ready bool) ([]*tensor.Tensor[T], error) {
	if _, unknown := n.Layer.(layer.Unknown); unknown || !ready {
		return nil, nil
	}
	shapes, err := graph.ShapesOf(n, in)
	if err != nil {
		return nil, err
	}
	return Forward(n, in, shapes, r.opt.Threads), nil
}

func (r *run[T]) store(n *graph.Node, out []*tensor.Tensor[T]) {
	for i, v := range n.Outputs {
		if out == nil {
			continue
		}
		if r.readers[v] > 0 || r.opt.Keep(v) {
			r.Values[v] = out[i]
		}
	}
	for _, v := range n.Inputs {
		if r.readers[v]--; r.readers[v] == 0 && !r.opt.Keep(v) {
			delete(r.Values, v)
		}
	}
}

// Forward executes one node on the given inputs; shapes are those of its outputs.
func Forward[T tensor.Float](n *graph.Node, in []*tensor.Tensor[T], shapes []tensor.Shape, threads int) []*tensor.Tensor[T] {
	params := make([]*tensor.Tensor[T], len(n.Params))
	for i, p := range n.Params {
		params[i] = tensor.As[T](p.Value)
	}
	if !n.Flush {
		return forward(n.Layer, in, params, shapes, threads)
	}
	out := forward(n.Layer, flushed(in), flushed(params), shapes, threads)
	for _, t := range out {
		flush(t)
	}
	return out
}

func forward[T tensor.Float](l layer.Layer, in, params []*tensor.Tensor[T], shapes []tensor.Shape, threads int) []*tensor.Tensor[T] {
	c := layer.Call[T]{In: in, Params: params, Workers: threads}
	for _, s := range shapes {
		c.Out = append(c.Out, tensor.New[T](s...))
	}
	switch c := any(&c).(type) {
	case *layer.Call[float32]:
		l.Forward32(c)
	case *layer.Call[float64]:
		l.Forward64(c)
	}
	return c.Out
}
