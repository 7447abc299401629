package engine

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// BackwardHook is called after every node of a backward run with the gradients that it was given and those that it
// wrote.
type BackwardHook[T tensor.Float] func(n *graph.Node, g *layer.Gradient[T]) error

// BackwardOptions steer a backward run.
type BackwardOptions[T tensor.Float] struct {
	Threads int // 0: one for each processor
	Hook    BackwardHook[T]
	// ParamsOnly leaves Gradients.Values empty and computes no gradient that no parameter's depends on.
	ParamsOnly bool
}

// Gradients are what a backward run leaves.
type Gradients[T tensor.Float] struct {
	// Values holds the gradient of every value that an output with a gradient depends on.
	Values map[string]*tensor.Tensor[T]
	// Params holds the gradient of every parameter that does not share another's memory. Where layers share one, their
	// contributions are added.
	Params map[*graph.Param]*tensor.Tensor[T]
}

// Param returns the gradient of a parameter as the framework lays it out; nil if there is none.
func (g *Gradients[T]) Param(p *graph.Param) *tensor.Tensor[T] {
	return graph.AsStored(p, g.Params[p.Owner()])
}

// add adds what one reader of a parameter contributes.
func (g *Gradients[T]) add(p *graph.Param, part *tensor.Tensor[T]) {
	owner, part := p.Owner(), graph.ToOwner(p, part)
	sum := g.Params[owner]
	if sum == nil {
		g.Params[owner] = part
		return
	}
	for j, v := range part.Data {
		sum.Data[j] += v
	}
}

// Backward runs the graph from its end to its beginning. values are those of a forward run, all of them; seeds are the
// gradients of some values, usually the outputs. Gradients of a value with several readers are added in the
// order in which the readers stand in the graph. Nodes without gradients pass nothing on, nor does a node to inputs that
// it is told to Stop at. Through idioms whose layers have other gradients it goes by their parts.
func Backward[T tensor.Float](ctx context.Context, g *graph.Graph, values, seeds map[string]*tensor.Tensor[T], opt BackwardOptions[T]) (*Gradients[T], error) {
	g, values, err := byParts(g, values, max(opt.Threads, 1))
	if err != nil {
		return nil, err
	}
	maps := map[string]*value[T]{}
	for name, t := range values {
		maps[name] = &value[T]{Maps: layer.PlainMaps(t)}
	}
	defer func() {
		for _, v := range maps {
			v.drop()
		}
	}()
	return backwards(ctx, g, maps, seeds, opt, nil)
}

// Backward is the function of that name for the values of a run with Options.Record, which are given back as soon as they are
// not needed any more: there is one backward run for each recorded one.
func (r *Result[T]) Backward(ctx context.Context, g *graph.Graph, seeds map[string]*tensor.Tensor[T], opt BackwardOptions[T]) (*Gradients[T], error) {
	defer r.forgetRecorded()
	reread := map[string]bool{}
	for _, n := range g.Nodes {
		for _, v := range n.Reread {
			reread[v] = true
		}
	}
	return backwards(ctx, g, r.recorded, seeds, opt, func(n *graph.Node) {
		for _, v := range n.Outputs {
			if x := r.recorded[v]; x != nil && !reread[v] {
				x.drop()
				delete(r.recorded, v)
			}
		}
	})
}

// backwards calls done, if there is one, with every node whose outputs nobody needs any more.
func backwards[T tensor.Float](ctx context.Context, g *graph.Graph, values map[string]*value[T], seeds map[string]*tensor.Tensor[T], opt BackwardOptions[T], done func(*graph.Node)) (*Gradients[T], error) {
	if opt.Threads <= 0 {
		opt.Threads = runtime.GOMAXPROCS(0)
	}
	b := &backward[T]{values: values, opt: opt, parts: map[string][]*value[T]{}, seeds: seeds, wanted: wanted(g, opt.ParamsOnly)}
	b.Values, b.Params = map[string]*tensor.Tensor[T]{}, map[*graph.Param]*tensor.Tensor[T]{}
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := b.step(g.Nodes[i]); err != nil {
			return nil, err
		}
		if done != nil {
			done(g.Nodes[i])
		}
	}
	for _, in := range g.Inputs {
		if sum := b.gather(in.Name); sum != nil {
			sum.drop()
		}
	}
	return &b.Gradients, nil
}

// wanted returns which values' gradients are computed: all, or those that depend on a parameter.
func wanted(g *graph.Graph, paramsOnly bool) func(value string) bool {
	if !paramsOnly {
		return func(string) bool { return true }
	}
	depends := map[string]bool{}
	for _, n := range g.Nodes {
		if len(n.Params) > 0 || slices.ContainsFunc(n.Inputs, func(v string) bool { return depends[v] }) {
			for _, v := range n.Outputs {
				depends[v] = true
			}
		}
	}
	return func(v string) bool { return depends[v] }
}

type backward[T tensor.Float] struct {
	Gradients[T]
	values map[string]*value[T]
	seeds  map[string]*tensor.Tensor[T]
	// parts are the contributions of a value's readers, last reader first.
	parts  map[string][]*value[T]
	wanted func(value string) bool
	opt    BackwardOptions[T]
}

// gather adds up what a value's readers contribute; nil if there is nothing.
func (b *backward[T]) gather(name string) *value[T] {
	var sum *value[T]
	if seed := b.seeds[name]; seed != nil {
		sum = &value[T]{Maps: layer.PlainMaps(seed)}
	}
	parts, own := b.parts[name], false
	for i := len(parts) - 1; i >= 0; i-- {
		if sum == nil {
			sum = parts[i]
			continue
		}
		if !own {
			sum, own = b.copied(sum), true
		}
		sum.Add(parts[i].Maps, b.opt.Threads)
		parts[i].drop()
	}
	delete(b.parts, name)
	if sum != nil && !b.opt.ParamsOnly {
		b.Values[name] = sum.Plain(b.opt.Threads)
	}
	return sum
}

// copied returns a value that can be added to: what it was may be seen by others.
func (b *backward[T]) copied(v *value[T]) *value[T] {
	if v.memory == nil && v.OnlyBlocked() {
		return v
	}
	c := &value[T]{Maps: v.Copy(b.opt.Threads)}
	v.drop()
	return c
}

func (b *backward[T]) step(n *graph.Node) error {
	outGrad, some := make([]*value[T], len(n.Outputs)), false
	for i, v := range n.Outputs {
		outGrad[i] = b.gather(v)
		some = some || outGrad[i] != nil
	}
	l, ok := n.Layer.(layer.Differentiable)
	if !some || !ok {
		return nil
	}
	in, out, err := b.look(n)
	if err != nil {
		return err
	}
	g := b.blank(n, l, in)
	if blocked := inBlocks(n, in); blocked != nil && !n.Flush && outGrad[0].Shape().Len() > 0 {
		err = b.blocked(n, blocked, g, in, out, outGrad)
	} else {
		err = b.plain(n, l, g, in, out, outGrad)
	}
	for _, v := range outGrad {
		if v != nil {
			v.drop()
		}
	}
	return err
}

// look returns the forward values of a node. A convolution that was computed together with its ReLU has no output of its own,
// and the ReLU no input: neither needs it, and the ReLU's output stands in.
func (b *backward[T]) look(n *graph.Node) (in, out []*value[T], err error) {
	for _, v := range n.Outputs {
		out = append(out, b.values[n.Backward(v)])
	}
	for _, v := range n.Inputs {
		x := b.values[n.Backward(v)]
		if _, floor := n.Layer.(layer.ReLU); x == nil && floor {
			x = out[0]
		}
		if in = append(in, x); x == nil {
			return nil, nil, fmt.Errorf("%s: the backward run needs the value %q", n.Name, n.Backward(v))
		}
	}
	for i, v := range n.Outputs {
		if _, convolves := n.Layer.(layer.Convolution); out[i] == nil && !convolves {
			return nil, nil, fmt.Errorf("%s: the backward run needs the value %q", n.Name, n.Backward(v))
		}
	}
	return in, out, nil
}

// blank makes room for the gradients of the parameters.
func (b *backward[T]) blank(n *graph.Node, l layer.Differentiable, in []*value[T]) *layer.Gradient[T] {
	g := &layer.Gradient[T]{Workers: b.opt.Threads, Params: weights[T](n), InGrad: make([]*tensor.Tensor[T], len(in))}
	for _, p := range n.Params {
		g.ParamGrad = append(g.ParamGrad, tensor.New[T](p.Value.Dims()...))
	}
	return g
}

// passes reports whether a node's gradient is passed on to an input.
func (b *backward[T]) passes(n *graph.Node, input int) bool {
	return b.wanted(n.Inputs[input]) && (n.Stop == nil || !n.Stop[input])
}

// plain computes a node's gradients on tensors.
func (b *backward[T]) plain(n *graph.Node, l layer.Differentiable, g *layer.Gradient[T], in, out, outGrad []*value[T]) error {
	b.fill(g, in, out, outGrad)
	for i, t := range g.In {
		g.InGrad[i] = tensor.New[T](t.Shape...)
	}
	if n.Flush {
		g.In, g.Params, g.Out, g.OutGrad = flushed(g.In), flushed(g.Params), flushed(g.Out), flushed(g.OutGrad)
	}
	switch g := any(g).(type) {
	case *layer.Gradient[float32]:
		l.Backward32(g)
	case *layer.Gradient[float64]:
		l.Backward64(g)
	}
	if n.Flush {
		for _, t := range slices.Concat(g.InGrad, g.ParamGrad) {
			if t != nil {
				flush(t.Data)
			}
		}
	}
	inGrad := make([]*value[T], len(in))
	for i, t := range g.InGrad {
		if !b.passes(n, i) {
			g.InGrad[i] = nil
		} else if t != nil {
			inGrad[i] = &value[T]{Maps: layer.PlainMaps(t)}
		}
	}
	return b.pass(n, g, inGrad)
}

// fill takes what a node reads as tensors.
func (b *backward[T]) fill(g *layer.Gradient[T], in, out, outGrad []*value[T]) {
	for _, v := range in {
		g.In = append(g.In, v.Plain(b.opt.Threads))
	}
	for i, v := range out {
		if v == nil {
			v = outGrad[i] // of the same shape, and not looked at
		}
		g.Out = append(g.Out, v.Plain(b.opt.Threads))
	}
	for i, v := range outGrad {
		if v == nil {
			g.OutGrad = append(g.OutGrad, tensor.New[T](g.Out[i].Shape...))
			continue
		}
		g.OutGrad = append(g.OutGrad, v.Plain(b.opt.Threads))
	}
}

// pass hands the gradients on.
func (b *backward[T]) pass(n *graph.Node, g *layer.Gradient[T], inGrad []*value[T]) error {
	// From the last input to the first: contributions are kept last reader first.
	for i := len(n.Inputs) - 1; i >= 0; i-- {
		if inGrad[i] != nil {
			b.parts[n.Inputs[i]] = append(b.parts[n.Inputs[i]], inGrad[i])
		}
	}
	for i, p := range n.Params {
		if g.ParamGrad[i] != nil {
			b.add(p, g.ParamGrad[i])
		}
	}
	if b.opt.Hook != nil {
		return b.opt.Hook(n, g)
	}
	return nil
}
