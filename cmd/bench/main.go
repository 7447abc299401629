// Command bench measures the engine on the published GoogLeNet with drawn weights. It reads orders from its standard input,
// a JSON object on each line such as
//
//	{"mode": "forward", "batch": 10, "threads": 2, "runs": 3}
//
// and answers each with a line that holds a JSON list: for every run the milliseconds that passed and those that the process
// spent computing. Modes are forward, keep (a forward pass
// that returns every value), float64 (the same in double precision) and train (forward, backward and an SGD step).
// fixtures/gen/bench_peers.py gives the orders, in turn with those for other engines.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"parity/googlenet"
	"parity/googlenet/engine"
	"parity/googlenet/googlenettest"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
	"parity/googlenet/train/step"
)

func main() {
	if err := serve(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// order is what to measure.
type order struct {
	Mode                 string
	Batch, Threads, Runs int
}

// serve answers orders until there are no more.
func serve(ctx context.Context, in io.Reader, out io.Writer) error {
	answer := json.NewEncoder(out)
	prepared := map[order]func() error{}
	for d := json.NewDecoder(in); ; {
		var o order
		if err := d.Decode(&o); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		key := o
		key.Runs = 0
		run := prepared[key]
		if run == nil {
			var err error
			if run, err = prepare(ctx, o); err != nil {
				return err
			}
			prepared[key] = run
		}
		times, err := measure(run, o.Runs)
		if err != nil {
			return err
		}
		if err := answer.Encode(times); err != nil {
			return err
		}
	}
}

// measure returns the milliseconds of some runs, passed and computed.
func measure(run func() error, runs int) ([][2]float64, error) {
	times := make([][2]float64, runs)
	for i := range times {
		begin, spent := time.Now(), processTime()
		if err := run(); err != nil {
			return nil, err
		}
		times[i] = [2]float64{milliseconds(time.Since(begin)), milliseconds(processTime() - spent)}
	}
	return times, nil
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1e3 }

// prepare returns what runs once.
func prepare(ctx context.Context, o order) (func() error, error) {
	if o.Batch < 1 || o.Threads < 1 {
		return nil, fmt.Errorf("expected a batch and threads of at least 1, found %+v", o)
	}
	g, images := googlenettest.Drawn(googlenet.Config{}, 1, o.Batch)
	switch o.Mode {
	case "forward":
		return forward(ctx, g, images, engine.Options[float32]{Threads: o.Threads}), nil
	case "keep":
		return forward(ctx, g, images, engine.Options[float32]{Threads: o.Threads, Keep: engine.All}), nil
	case "float64":
		for _, n := range g.Nodes {
			for _, p := range n.Params {
				p.Value = tensor.As[float64](p.Value)
			}
		}
		return forward(ctx, g, tensor.As[float64](images), engine.Options[float64]{Threads: o.Threads}), nil
	case "train":
		return train(ctx, g, images, o.Threads)
	}
	return nil, fmt.Errorf("mode %q: expected forward, keep, float64 or train", o.Mode)
}

func forward[T tensor.Float](ctx context.Context, g *graph.Graph, images *tensor.Tensor[T], opt engine.Options[T]) func() error {
	opt.Packed = &layer.Packed{}
	return func() error {
		r, err := engine.Run(ctx, g, map[string]*tensor.Tensor[T]{"data": images}, opt)
		if err == nil {
			r.Release()
		}
		return err
	}
}

// train replaces the probabilities by a loss.
func train(ctx context.Context, g *graph.Graph, images *tensor.Tensor[float32], threads int) (func() error, error) {
	last := g.Nodes[len(g.Nodes)-1]
	g.Nodes[len(g.Nodes)-1] = &graph.Node{
		Name: "loss", Layer: layer.SoftmaxCrossEntropy{Axis: 1}, Inputs: []string{last.Inputs[0], "label"}, Outputs: []string{"loss"},
	}
	g.Inputs = append(g.Inputs, graph.Input{Name: "label", Shape: tensor.Shape{-1}})
	g.Outputs, g.LossWeights = []string{"loss"}, map[string]float64{"loss": 1}
	method := &optim.Method{Optimizer: optim.SGD{Momentum: 0.9}, Schedule: schedule.Fixed{Base: 1e-6}, Accumulate: 1}
	t, err := step.New[float32](g, method)
	if err != nil {
		return nil, err
	}
	t.Threads = threads
	batch := step.Batch[float32]{"data": images, "label": tensor.New[float32](images.Shape[0])}
	return func() error {
		if _, err := t.Accumulate(ctx, batch); err != nil {
			return err
		}
		t.Update()
		return nil
	}, nil
}
