package step

import (
	"context"
	"fmt"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/kernel"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Accumulate runs one batch forward and backward, adds its gradients to those of the batches since the last update, and
// returns the loss: the sum of all terms, weighted. Layers that gather statistics change their parameters.
func (t *Trainer[T]) Accumulate(ctx context.Context, b Batch[T]) (T, error) {
	f := forward[T]{updates: map[*graph.Param]*tensor.Tensor[T]{}, threads: t.Threads}
	r, err := engine.Run(ctx, t.Graph, b, engine.Options[T]{
		Threads: t.Threads, Record: true, Hook: f.node, Only: updates,
		Keep: func(v string) bool { _, term := t.Graph.LossWeights[v]; return term },
	})
	if err != nil {
		return 0, err
	}
	if len(r.Skipped) > 0 {
		r.Release()
		return 0, fmt.Errorf("%s: the operation %s cannot be computed", r.Skipped[0], t.Graph.Node(r.Skipped[0]).Layer.Kind())
	}
	loss := t.loss(r.Values)
	g, err := r.Backward(ctx, t.Graph, t.seeds(r.Values), engine.BackwardOptions[T]{Threads: t.Threads, ParamsOnly: true})
	if err != nil {
		return 0, err
	}
	t.add(g)
	for p, v := range f.updates {
		copy(tensor.As[T](p.Value).Data, v.Data)
	}
	return loss, nil
}

// updates reports whether a node gathers statistics.
func updates(n *graph.Node) bool {
	_, ok := n.Layer.(layer.Updater)
	return ok
}

// forward watches a forward run.
type forward[T tensor.Float] struct {
	updates map[*graph.Param]*tensor.Tensor[T]
	threads int
}

func (f *forward[T]) node(n *graph.Node, in, out []*tensor.Tensor[T]) ([]*tensor.Tensor[T], error) {
	if out == nil {
		return nil, nil
	}
	u := n.Layer.(layer.Updater)
	c := &layer.Call[T]{In: in, Out: out, Workers: max(f.threads, 1)}
	for _, p := range n.Params {
		c.Params = append(c.Params, tensor.As[T](p.Value))
	}
	for i, v := range updated(u, c) {
		if v != nil {
			f.updates[n.Params[i]] = v
		}
	}
	return out, nil
}

func updated[T tensor.Float](u layer.Updater, c *layer.Call[T]) []*tensor.Tensor[T] {
	var list any
	switch c := any(c).(type) {
	case *layer.Call[float32]:
		list = u.Update32(c)
	case *layer.Call[float64]:
		list = u.Update64(c)
	}
	return list.([]*tensor.Tensor[T])
}

// seeds are the gradients of the loss in its terms: their weights.
func (t *Trainer[T]) seeds(values map[string]*tensor.Tensor[T]) map[string]*tensor.Tensor[T] {
	seeds := map[string]*tensor.Tensor[T]{}
	for name, weight := range t.Graph.LossWeights {
		s := tensor.New[T](values[name].Shape...)
		for i := range s.Data {
			s.Data[i] = T(weight)
		}
		seeds[name] = s
	}
	return seeds
}

// loss adds up the terms in the order of the graph.
func (t *Trainer[T]) loss(values map[string]*tensor.Tensor[T]) T {
	var sum T
	add := func(name string) {
		weight := T(t.Graph.LossWeights[name])
		if weight == 0 {
			return
		}
		for _, v := range values[name].Data {
			sum += T(weight * v)
		}
	}
	for _, in := range t.Graph.Inputs {
		add(in.Name)
	}
	for _, n := range t.Graph.Nodes {
		for _, name := range n.Outputs {
			add(name)
		}
	}
	return sum
}

// add adds the gradients of a batch. Those of parameters that do not learn are left at zero, as in Caffe, where their
// histories depend on it.
func (t *Trainer[T]) add(g *engine.Gradients[T]) {
	for i, p := range t.params {
		d := g.Params[t.learned[i]]
		learns := p.LR != 0 && d != nil
		switch {
		case t.pending == 0 && learns:
			copy(p.Grad.Data, d.Data)
		case t.pending == 0:
			clear(p.Grad.Data)
		case learns:
			kernel.For[T]().Plus(p.Grad.Data, d.Data)
		}
	}
	t.pending++
}
