// Package engine executes graphs, in float32 or float64, with one hook that sees every node.
package engine

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"parity/googlenet/graph"
	"parity/googlenet/kernel"
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
	// Only limits the hook to some nodes; nil does not.
	Only func(n *graph.Node) bool
	// Keep says which values the run returns; nil keeps the graph's outputs. All others are freed as soon as
	// their last reader has run.
	Keep func(value string) bool
	// Packed keeps weights as the kernels read them from one run to the next. Nil lays them out anew in each run; to give
	// one is to promise that the weights do not change.
	Packed *layer.Packed
	// Record keeps all values for Result.Backward, in the layout that they were computed in. Outputs of convolutions that a
	// ReLU alone reads are not among them.
	Record bool
	// Timer is called after every node that was computed.
	Timer func(Timing)
}

// Timing is how long a node took, together with the ReLU that was computed at once, if one was.
type Timing struct {
	Node, Floor *graph.Node
	Elapsed     time.Duration
}

// All keeps every value.
func All(string) bool { return true }

// Result is what a run leaves.
type Result[T tensor.Float] struct {
	Values map[string]*tensor.Tensor[T]
	// Skipped lists, in order, the nodes that could not be computed because they, or one before them, are
	// operations that are not known here.
	Skipped []string

	recorded map[string]*value[T]
	made     []*tensor.Tensor[T] // those of Values that were copied from blocks
}

// Release gives memory back for other runs: of the values that Options.Record has kept, and of Values, which nobody may use
// any more. Results that are not released are left to the garbage collector.
func (r *Result[T]) Release() {
	r.forgetRecorded()
	for _, t := range r.made {
		tensor.Release(t.Data)
	}
	r.made, r.Values = nil, nil
}

func (r *Result[T]) forgetRecorded() {
	for _, v := range r.recorded {
		v.drop()
	}
	r.recorded = nil
}

// Run executes the graph on the given inputs, by name. Values are bit-identical for any number of threads.
func Run[T tensor.Float](ctx context.Context, g *graph.Graph, inputs map[string]*tensor.Tensor[T], opt Options[T]) (*Result[T], error) {
	r, err := newRun(g, inputs, opt)
	if err != nil {
		return nil, err
	}
	defer r.close()
	for _, n := range g.Nodes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := r.step(n); err != nil {
			return nil, err
		}
	}
	if opt.Record {
		r.recorded, r.live = r.live, nil
	}
	return &r.Result, nil
}

type run[T tensor.Float] struct {
	Result[T]
	opt     Options[T]
	plan    plan
	readers map[string]int // nodes that have yet to read a value
	live    map[string]*value[T]
	joined  map[string]*memory[T] // where the parts of a value that is joined from others are written
}

func newRun[T tensor.Float](g *graph.Graph, inputs map[string]*tensor.Tensor[T], opt Options[T]) (*run[T], error) {
	if opt.Threads <= 0 {
		opt.Threads = runtime.GOMAXPROCS(0)
	}
	if opt.Keep == nil {
		opt.Keep = func(v string) bool { return slices.Contains(g.Outputs, v) }
	}
	r := &run[T]{opt: opt, readers: map[string]int{}, live: map[string]*value[T]{}, joined: map[string]*memory[T]{}}
	r.Values = map[string]*tensor.Tensor[T]{}
	for _, n := range g.Nodes {
		for _, v := range n.Inputs {
			r.readers[v]++
		}
	}
	shapes := map[string]tensor.Shape{}
	for _, in := range g.Inputs {
		t := inputs[in.Name]
		if t == nil {
			return nil, fmt.Errorf("no tensor for the input %q (given: %s)", in.Name, names(inputs))
		}
		shapes[in.Name] = t.Shape
		r.put(in.Name, &value[T]{Maps: layer.PlainMaps(t)})
	}
	r.plan = newPlan(g, shapes, kernel.LineOf[T](), r.readers, opt.Keep, r.watches)
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
	if r.plan.absorbed[n] {
		return nil
	}
	in := make([]*value[T], len(n.Inputs))
	ready := true
	for i, v := range n.Inputs {
		in[i] = r.live[v]
		ready = ready && in[i] != nil
	}
	begin := time.Now()
	out, err := r.compute(n, in, ready)
	if err != nil {
		return err
	}
	if r.opt.Timer != nil && out != nil {
		r.opt.Timer(Timing{n, r.plan.floors[n], time.Since(begin)})
	}
	if r.watches(n) {
		if out, err = r.watch(n, in, out); err != nil {
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
func (r *run[T]) compute(n *graph.Node, in []*value[T], ready bool) ([]*value[T], error) {
	if _, unknown := n.Layer.(layer.Unknown); unknown || !ready {
		return nil, nil
	}
	if l := inBlocks(n, in); l != nil && !readsDenormals(n, in) {
		return r.computeBlocked(n, l, in)
	}
	plain := r.plain(in)
	shapes, err := graph.ShapesOf(n, plain)
	if err != nil {
		return nil, err
	}
	var out []*value[T]
	for _, t := range forward(n, plain, shapes, r.opt.Threads) {
		out = append(out, &value[T]{Maps: layer.PlainMaps(t)})
	}
	return out, nil
}

// plain returns tensors, nil for what was not computed.
func (r *run[T]) plain(list []*value[T]) []*tensor.Tensor[T] {
	out := make([]*tensor.Tensor[T], len(list))
	for i, v := range list {
		if v != nil {
			out[i] = v.Plain(r.opt.Threads)
		}
	}
	return out
}

// watches reports whether the hook sees a node.
func (r *run[T]) watches(n *graph.Node) bool {
	return r.opt.Hook != nil && (r.opt.Only == nil || r.opt.Only(n))
}

// watch lets the hook see a node and put other tensors in the place of what it computed.
func (r *run[T]) watch(n *graph.Node, in, out []*value[T]) ([]*value[T], error) {
	var before []*tensor.Tensor[T]
	if out != nil {
		before = r.plain(out)
	}
	after, err := r.opt.Hook(n, r.plain(in), before)
	if after == nil || err != nil {
		return nil, err
	}
	flow := make([]*value[T], len(after))
	for i, t := range after {
		if flow[i] = (&value[T]{Maps: layer.PlainMaps(t)}); i < len(out) && before[i] == t {
			flow[i] = out[i]
		} else if i < len(out) {
			out[i].drop()
		}
	}
	return flow, nil
}

func (r *run[T]) store(n *graph.Node, out []*value[T]) {
	if out != nil {
		for i, v := range r.plan.outputs(n) {
			r.put(v, out[i])
		}
	}
	for _, v := range n.Inputs {
		if r.readers[v]--; r.readers[v] == 0 {
			r.forget(v)
		}
	}
}

// put keeps a value for those who read it, and for the result.
func (r *run[T]) put(name string, v *value[T]) {
	if r.opt.Keep(name) {
		copied := v.OnlyBlocked()
		if r.Values[name] = v.Plain(r.opt.Threads); copied {
			r.made = append(r.made, r.Values[name])
		}
	}
	if r.live[name] = v; r.readers[name] == 0 {
		r.forget(name)
	}
}

// forget drops a value that nobody reads any more.
func (r *run[T]) forget(name string) {
	if v := r.live[name]; v != nil && !r.opt.Record {
		v.drop()
		delete(r.live, name)
	}
}

// close gives back what an early end has left.
func (r *run[T]) close() {
	for _, v := range r.live {
		v.drop()
	}
	for _, m := range r.joined {
		m.drop()
	}
}

// Forward executes one node on the given inputs; shapes are those of its outputs. The outputs are those of a run, bit by bit.
func Forward[T tensor.Float](n *graph.Node, in []*tensor.Tensor[T], shapes []tensor.Shape, threads int) []*tensor.Tensor[T] {
	values := make([]*value[T], len(in))
	for i, t := range in {
		values[i] = &value[T]{Maps: layer.PlainMaps(t)}
	}
	l := inBlocks(n, values)
	if l == nil || readsDenormals(n, values) {
		return forward(n, in, shapes, threads)
	}
	out := layer.NewBlocked[T](shapes[0])
	forwardBlocked(l, blockedCall(n, values, out, threads))
	if n.Flush {
		flushBlocked(out)
	}
	for _, v := range values {
		v.drop()
	}
	result := layer.BlockedMaps(out).Plain(threads)
	out.Release()
	return []*tensor.Tensor[T]{result}
}

// forward executes a node on tensors.
func forward[T tensor.Float](n *graph.Node, in []*tensor.Tensor[T], shapes []tensor.Shape, threads int) []*tensor.Tensor[T] {
	params := weights[T](n)
	if !n.Flush {
		return call(n.Layer, in, params, shapes, threads)
	}
	out := call(n.Layer, flushed(in), flushed(params), shapes, threads)
	for _, t := range out {
		if t != nil {
			flush(t.Data)
		}
	}
	return out
}

func weights[T tensor.Float](n *graph.Node) []*tensor.Tensor[T] {
	params := make([]*tensor.Tensor[T], len(n.Params))
	for i, p := range n.Params {
		params[i] = tensor.As[T](p.Value)
	}
	return params
}

func call[T tensor.Float](l layer.Layer, in, params []*tensor.Tensor[T], shapes []tensor.Shape, threads int) []*tensor.Tensor[T] {
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
