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
// it is told to Stop at.
func Backward[T tensor.Float](ctx context.Context, g *graph.Graph, values, seeds map[string]*tensor.Tensor[T], opt BackwardOptions[T]) (*Gradients[T], error) {
	if opt.Threads <= 0 {
		opt.Threads = runtime.GOMAXPROCS(0)
	}
	b := &backward[T]{values: values, opt: opt, parts: map[string][]*tensor.Tensor[T]{}, seeds: seeds}
	b.Values, b.Params = map[string]*tensor.Tensor[T]{}, map[*graph.Param]*tensor.Tensor[T]{}
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := b.step(g.Nodes[i]); err != nil {
			return nil, err
		}
	}
	for _, in := range g.Inputs {
		b.gather(in.Name)
	}
	return &b.Gradients, nil
}

type backward[T tensor.Float] struct {
	Gradients[T]
	values, seeds map[string]*tensor.Tensor[T]
	// parts are the contributions of a value's readers, last reader first.
	parts map[string][]*tensor.Tensor[T]
	opt   BackwardOptions[T]
}

// gather adds up what a value's readers contribute; nil if there is nothing.
func (b *backward[T]) gather(value string) *tensor.Tensor[T] {
	sum := b.seeds[value]
	parts := b.parts[value]
	for i := len(parts) - 1; i >= 0; i-- {
		if sum == nil {
			sum = parts[i]
			continue
		}
		sum = sum.Clone()
		for j, v := range parts[i].Data {
			sum.Data[j] += v
		}
	}
	if sum != nil {
		b.Values[value] = sum
	}
	delete(b.parts, value)
	return sum
}

func (b *backward[T]) step(n *graph.Node) error {
	g := &layer.Gradient[T]{Workers: b.opt.Threads}
	some := false
	for _, v := range n.Outputs {
		t := b.gather(v)
		some = some || t != nil
		g.OutGrad = append(g.OutGrad, t)
	}
	l, ok := n.Layer.(layer.Differentiable)
	if !some || !ok {
		return nil
	}
	if err := b.fill(g, n); err != nil {
		return err
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
			flush(t)
		}
	}
	for i, stop := range n.Stop {
		if stop {
			g.InGrad[i] = nil
		}
	}
	b.pass(g, n)
	if b.opt.Hook != nil {
		return b.opt.Hook(n, g)
	}
	return nil
}

// fill looks up the forward values and makes room for the gradients.
func (b *backward[T]) fill(g *layer.Gradient[T], n *graph.Node) error {
	for _, list := range []struct {
		names []string
		to    *[]*tensor.Tensor[T]
	}{{n.Inputs, &g.In}, {n.Outputs, &g.Out}} {
		for _, v := range list.names {
			t := b.values[n.Backward(v)]
			if t == nil {
				return fmt.Errorf("%s: the backward run needs the value %q", n.Name, n.Backward(v))
			}
			*list.to = append(*list.to, t)
		}
	}
	for i, t := range g.OutGrad {
		if t == nil {
			g.OutGrad[i] = tensor.New[T](g.Out[i].Shape...)
		}
	}
	for _, t := range g.In {
		g.InGrad = append(g.InGrad, tensor.New[T](t.Shape...))
	}
	for _, p := range n.Params {
		g.Params = append(g.Params, tensor.As[T](p.Value))
		g.ParamGrad = append(g.ParamGrad, tensor.New[T](p.Value.Dims()...))
	}
	return nil
}

func (b *backward[T]) pass(g *layer.Gradient[T], n *graph.Node) {
	// From the last input to the first: contributions are kept last reader first.
	for i := len(n.Inputs) - 1; i >= 0; i-- {
		if g.InGrad[i] != nil {
			b.parts[n.Inputs[i]] = append(b.parts[n.Inputs[i]], g.InGrad[i])
		}
	}
	for i, p := range n.Params {
		if g.ParamGrad[i] != nil {
			b.add(p, g.ParamGrad[i])
		}
	}
}
