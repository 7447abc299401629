package step

import (
	"context"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
)

// tied is a network whose two products share their weights: y = w w x, with loss 2 y.
func tied(w ...float64) *graph.Graph {
	p := &graph.Param{Name: "w", Value: tensor.From(w, 1, 1)}
	return &graph.Graph{
		Name: "tied", Inputs: []graph.Input{{Name: "x", Shape: tensor.Shape{-1, 1}}}, Outputs: []string{"y"},
		Nodes: []*graph.Node{
			{Name: "first", Layer: layer.InnerProduct{Outputs: 1}, Inputs: []string{"x"}, Outputs: []string{"h"}, Params: []*graph.Param{p}},
			{Name: "second", Layer: layer.InnerProduct{Outputs: 1}, Inputs: []string{"h"}, Outputs: []string{"y"}, Params: []*graph.Param{p}},
		},
		LossWeights: map[string]float64{"y": 2},
	}
}

func method(o optim.Optimizer, batches int) *optim.Method {
	return &optim.Method{Optimizer: o, Schedule: schedule.Fixed{Base: 0.125}, Accumulate: batches}
}

func batch(x ...float64) Batch[float64] { return Batch[float64]{"x": tensor.From(x, len(x), 1)} }

func newTrainer(t *testing.T, g *graph.Graph, m *optim.Method) *Trainer[float64] {
	t.Helper()
	trainer, err := New[float64](g, m)
	if err != nil {
		t.Fatal(err)
	}
	return trainer
}

// run trains on batches and returns the iterations.
func run(t *testing.T, trainer *Trainer[float64], batches ...Batch[float64]) []*Iteration[float64] {
	t.Helper()
	var list []*Iteration[float64]
	for it, err := range trainer.Run(t.Context(), slices.Values(batches)) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, it)
	}
	return list
}

// TestIterations checks the numbers of two iterations of two batches: with loss 2 w^2 sum x the gradient is 4 w sum x.
func TestIterations(t *testing.T) {
	g := tied(3)
	its := run(t, newTrainer(t, g, method(optim.SGD{Momentum: 0.5}, 2)), batch(1, 2), batch(-1), batch(1), batch(1))
	if len(its) != 2 {
		t.Fatalf("got %d iterations, want 2", len(its))
	}
	// 1: gradient 12 (3 - 1) = 24, averaged 12, update 1.5.
	// 2: w = 1.5, gradient 6 (1 + 1) = 12, averaged 6, update 0.5 1.5 + 0.75.
	for i, want := range []struct {
		losses                  []float64
		gradient, update, param float64
	}{{[]float64{54, -18}, 24, 1.5, 1.5}, {[]float64{4.5, 4.5}, 12, 1.5, 0}} {
		it := its[i]
		if it.Number != i+1 || it.Rate != 0.125 || !slices.Equal(it.Losses, want.losses) {
			t.Errorf("got iteration %d with rate %g and losses %v, want %v", it.Number, it.Rate, it.Losses, want.losses)
		}
		if it.Gradients[0].Data[0] != want.gradient || it.Updates[0].Data[0] != want.update || it.Params[0].Data[0] != want.param {
			t.Errorf("iteration %d: got %v %v %v, want %v", i+1, it.Gradients[0].Data, it.Updates[0].Data, it.Params[0].Data, want)
		}
	}
	if w := g.Nodes[0].Params[0].Value.(*tensor.Tensor[float64]).Data[0]; w != 3 {
		t.Errorf("the graph that was given changed: w = %g", w)
	}
}

// TestFrozen checks that nothing is learned at a learning rate of zero, not even the history.
func TestFrozen(t *testing.T) {
	g := tied(3)
	g.Nodes[0].Params[0].Multipliers = &graph.Multipliers{LR: 0, Decay: 1}
	trainer := newTrainer(t, g, method(optim.Adam{Beta1: 0.5, Beta2: 0.5, Delta: 1}, 1))
	it := run(t, trainer, batch(1))[0]
	if it.Gradients[0].Data[0] != 0 || it.Params[0].Data[0] != 3 || trainer.State.Histories[0].Data[0] != 0 {
		t.Errorf("got gradient %v, parameter %v, history %v", it.Gradients[0].Data, it.Params[0].Data, trainer.State.Histories[0].Data)
	}
}

// TestResume goes on from a state in the middle as if there had been no break, for every optimiser.
func TestResume(t *testing.T) {
	batches := []Batch[float64]{batch(1, 2), batch(-1), batch(0.5), batch(3)}
	for _, o := range optim.Optimizers {
		m := method(o, 1)
		m.Schedule = schedule.MultiStep{Base: 0.125, Gamma: 0.5, At: []int{1, 3}}
		whole := newTrainer(t, tied(0.25), m)
		want := run(t, whole, batches...)
		first := newTrainer(t, tied(0.25), m)
		run(t, first, batches[:2]...)
		second := newTrainer(t, first.Graph, m)
		if err := second.Resume(first.State); err != nil {
			t.Fatal(err)
		}
		got := run(t, second, batches[2:]...)
		for i, it := range got {
			if w := want[i+2]; it.Number != w.Number || it.Rate != w.Rate || it.Params[0].Data[0] != w.Params[0].Data[0] {
				t.Errorf("%s: got %v, want %v", o.Name(), *it, *w)
			}
		}
		if first.State.Iteration != 2 {
			t.Errorf("%s: the state that was given changed", o.Name())
		}
	}
}

// TestSharedMemory checks a parameter that another layer reads transposed.
func TestSharedMemory(t *testing.T) {
	w := &graph.Param{Name: "w", Value: tensor.From([]float64{1, 2, 3, 4, 5, 6}, 2, 3)}
	view := &graph.Param{Name: "w", Value: tensor.From([]float64{1, 4, 2, 5, 3, 6}, 3, 2), Stored: graph.Stored{ToCommon: []int{1, 0}}, Shares: w}
	g := &graph.Graph{
		Name: "autoencoder", Inputs: []graph.Input{{Name: "x", Shape: tensor.Shape{-1, 3}}}, Outputs: []string{"y"},
		Nodes: []*graph.Node{
			{Name: "encode", Layer: layer.InnerProduct{Outputs: 2}, Inputs: []string{"x"}, Outputs: []string{"h"}, Params: []*graph.Param{w}},
			{Name: "decode", Layer: layer.InnerProduct{Outputs: 3}, Inputs: []string{"h"}, Outputs: []string{"y"}, Params: []*graph.Param{view}},
		},
		LossWeights: map[string]float64{"y": 1},
	}
	trainer := newTrainer(t, g, method(optim.SGD{}, 1))
	it := run(t, trainer, Batch[float64]{"x": tensor.From([]float64{1, 0, 0}, 1, 3)})[0]
	// The loss is sum_o h_o s_o, with h = w x = (1, 4) and s the sums of w's rows (6, 15): from the encoder s in the
	// column of x, from the decoder h in every column.
	if want := []float64{6 + 1, 1, 1, 15 + 4, 4, 4}; !slices.Equal(it.Gradients[0].Data, want) {
		t.Errorf("got gradient %v, want %v", it.Gradients[0].Data, want)
	}
	now := trainer.Graph.Nodes[1].Params[0].Value.(*tensor.Tensor[float64]).Data
	if p := it.Params[0].Data; len(it.Params) != 1 || !slices.Equal(now, []float64{p[0], p[3], p[1], p[4], p[2], p[5]}) {
		t.Errorf("the transposed reader has %v, the owner %v", now, p)
	}
	if err := trainer.Set([]*tensor.Tensor[float64]{tensor.From([]float64{1, 2, 3, 4, 5, 7}, 2, 3)}); err != nil {
		t.Fatal(err)
	}
	if now := trainer.Graph.Nodes[1].Params[0].Value.(*tensor.Tensor[float64]).Data; !slices.Equal(now, []float64{1, 4, 2, 5, 3, 7}) {
		t.Errorf("the transposed reader has %v after its owner was set", now)
	}
}

// counting passes its input on and counts the forward runs in its parameter.
type counting struct{ layer.Identity }

func (counting) ParamShapes([]tensor.Shape) []tensor.Shape { return []tensor.Shape{{1}} }

func (counting) Update32(c *layer.Call[float32]) []*tensor.Tensor[float32] { return counted(c) }
func (counting) Update64(c *layer.Call[float64]) []*tensor.Tensor[float64] { return counted(c) }

func counted[T tensor.Float](c *layer.Call[T]) []*tensor.Tensor[T] {
	return []*tensor.Tensor[T]{tensor.From([]T{c.Params[0].Data[0] + 1}, 1)}
}

// TestStatistics checks that layers change their own parameters with every batch.
func TestStatistics(t *testing.T) {
	g := tied(1)
	n := &graph.Param{Name: "n", Value: tensor.From([]float64{5}, 1), Multipliers: &graph.Multipliers{LR: 0, Decay: 1}}
	g.Nodes = append(g.Nodes, &graph.Node{Name: "count", Layer: counting{}, Inputs: []string{"y"}, Outputs: []string{"z"}, Params: []*graph.Param{n}})
	g.LossWeights = map[string]float64{"z": 1}
	it := run(t, newTrainer(t, g, method(optim.SGD{Momentum: 0.5}, 2)), batch(1), batch(1))[0]
	if got := it.Params[1].Data[0]; got != 7 {
		t.Errorf("counted %g, want 7", got)
	}
	if it.Gradients[0].Data[0] != 4 {
		t.Errorf("got gradient %v, want 4", it.Gradients[0].Data)
	}
}

func TestErrors(t *testing.T) {
	g := tied(3)
	g.LossWeights = nil
	_, lossless := New[float64](g, method(optim.SGD{}, 1))
	g = tied(3)
	g.LossWeights["nothing"] = 1
	_, nowhere := New[float64](g, method(optim.SGD{}, 1))
	_, batchless := New[float64](tied(3), method(optim.SGD{}, 0))
	trainer := newTrainer(t, tied(3), method(optim.SGD{}, 2))
	var short error
	for _, err := range trainer.Run(t.Context(), slices.Values([]Batch[float64]{batch(1), batch(1), batch(1)})) {
		short = err
	}
	unknown := tied(3)
	unknown.Nodes[1].Layer = layer.Unknown{Op: "Mystery"}
	_, strange := newTrainer(t, unknown, method(optim.SGD{}, 1)).Accumulate(t.Context(), batch(1))
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, interrupted := trainer.Accumulate(cancelled, batch(1))
	for want, err := range map[string]error{
		"no loss": lossless, `no value "nothing"`: nowhere, "at least one batch": batchless, "takes 2 batches, of the last only 1": short, "second": strange, "cancel": interrupted,
		"expected 1 parameters": trainer.Set(nil), "has shape 1x1": trainer.Set([]*tensor.Tensor[float64]{tensor.New[float64](2)}),
		"keeps 1 tensor(s)": trainer.Resume(&optim.State[float64]{}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
