// Package step trains a network: batches forward and backward, their gradients added up, and one update.
package step

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
)

// Batch is what one forward run is fed: a tensor for every input of the graph.
type Batch[T tensor.Float] map[string]*tensor.Tensor[T]

// Trainer holds a network in training. What it computes does not depend on the number of threads.
type Trainer[T tensor.Float] struct {
	// Graph is the trainer's own copy: its parameters are what has been learned so far.
	Graph  *graph.Graph
	Method *optim.Method
	State  *optim.State[T]
	// Threads is the number of threads; 0 is one for each processor.
	Threads int

	learned []*graph.Param
	params  []optim.Param[T]
	pending int // batches since the last update
}

// New begins with the graph's parameters, which are copied, and a state without history.
func New[T tensor.Float](g *graph.Graph, m *optim.Method) (*Trainer[T], error) {
	if len(g.LossWeights) == 0 {
		return nil, fmt.Errorf("the network %s has no loss to train with", g.Name)
	}
	produced := g.Producers()
	for name := range g.LossWeights {
		if produced[name] == nil && !slices.ContainsFunc(g.Inputs, func(in graph.Input) bool { return in.Name == name }) {
			return nil, fmt.Errorf("the network %s has no value %q, which is to be a loss", g.Name, name)
		}
	}
	if m.Accumulate < 1 {
		return nil, fmt.Errorf("expected at least one batch in an iteration, found %d", m.Accumulate)
	}
	t := &Trainer[T]{Graph: own[T](g), Method: m}
	t.learned = Learned(t.Graph)
	for _, p := range t.learned {
		o := optim.Param[T]{Value: tensor.As[T](p.Value), Grad: tensor.New[T](p.Value.Dims()...), LR: 1, Decay: 1}
		if p.Multipliers != nil {
			o.LR, o.Decay = p.Multipliers.LR, p.Multipliers.Decay
		}
		t.params = append(t.params, o)
	}
	t.State = optim.NewState(m, t.params)
	return t, nil
}

// Resume goes on from a state, which is copied. The graph that the trainer was made of must be that of the same moment.
func (t *Trainer[T]) Resume(s *optim.State[T]) error {
	if err := s.Check(t.Method, t.params); err != nil {
		return err
	}
	own := *s
	own.Histories, own.Averages = clones(s.Histories), clones(s.Averages)
	t.State = &own
	return nil
}

// Learned lists the parameters of a graph in its order, those that several nodes share once.
func Learned(g *graph.Graph) []*graph.Param {
	var list []*graph.Param
	seen := map[*graph.Param]bool{}
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			if p = p.Owner(); !seen[p] {
				seen[p] = true
				list = append(list, p)
			}
		}
	}
	return list
}

// Set replaces the parameters' numbers, in the order of Learned, as to judge one iteration of a recorded run by itself.
func (t *Trainer[T]) Set(values []*tensor.Tensor[T]) error {
	if len(values) != len(t.params) {
		return fmt.Errorf("expected %d parameters, found %d", len(t.params), len(values))
	}
	for i, v := range values {
		if want := t.params[i].Value.Shape; !v.Shape.Equal(want) {
			return fmt.Errorf("parameter %s has shape %v, found %v", t.learned[i].Name, want, v.Shape)
		}
	}
	for i, v := range values {
		copy(t.params[i].Value.Data, v.Data)
	}
	refresh[T](t.Graph)
	return nil
}

// Params returns the parameters in the order of Learned: their numbers now and what the last update subtracted.
func (t *Trainer[T]) Params() []optim.Param[T] { return t.params }

// Learned lists the parameters of the trainer's graph, in the order of Params.
func (t *Trainer[T]) Learned() []*graph.Param { return t.learned }

// Iteration is what one iteration did. The tensors are in the order of Learned.
type Iteration[T tensor.Float] struct {
	Number int // counted from 1
	Rate   T
	Losses []T // of each batch, before the update
	// Gradients are the sums over the batches, before clipping, averaging and regularisation.
	Gradients []*tensor.Tensor[T]
	Updates   []*tensor.Tensor[T] // what was subtracted
	Params    []*tensor.Tensor[T] // after the update
}

// Run trains for as many iterations as there are batches for, and yields each. A rest too small for an iteration is an
// error, as is whatever else ends the run early.
func (t *Trainer[T]) Run(ctx context.Context, batches iter.Seq[Batch[T]]) iter.Seq2[*Iteration[T], error] {
	return func(yield func(*Iteration[T], error) bool) {
		var group []Batch[T]
		for b := range batches {
			if group = append(group, b); len(group) < t.Method.Accumulate {
				continue
			}
			if it, err := t.iteration(ctx, group); !yield(it, err) || err != nil {
				return
			}
			group = nil
		}
		if len(group) > 0 {
			yield(nil, fmt.Errorf("an iteration takes %d batches, of the last only %d are there", t.Method.Accumulate, len(group)))
		}
	}
}

func (t *Trainer[T]) iteration(ctx context.Context, batches []Batch[T]) (*Iteration[T], error) {
	var it Iteration[T]
	for _, b := range batches {
		loss, err := t.Accumulate(ctx, b)
		if err != nil {
			return nil, err
		}
		it.Losses = append(it.Losses, loss)
	}
	for _, p := range t.params {
		it.Gradients = append(it.Gradients, p.Grad.Clone())
	}
	it.Rate = t.Update()
	it.Number = t.State.Iteration
	for i, p := range t.params {
		it.Updates, it.Params = append(it.Updates, p.Grad), append(it.Params, p.Value.Clone())
		t.params[i].Grad = tensor.New[T](p.Value.Shape...)
	}
	return &it, nil
}

// workers is the number of threads that the trainer uses.
func (t *Trainer[T]) workers() int {
	if t.Threads > 0 {
		return t.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// Update turns the accumulated gradients into new parameters and returns the learning rate. The next Accumulate begins
// at zero.
func (t *Trainer[T]) Update() T {
	t.pending = 0
	rate := optim.Apply(t.Method, t.params, t.State, t.workers())
	refresh[T](t.Graph)
	return rate
}
