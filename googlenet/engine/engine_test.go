package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/googlenettest"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

func narrow(t *testing.T) (*graph.Graph, map[string]*tensor.Tensor[float32]) {
	t.Helper()
	g, images := googlenettest.Narrow(1)
	return g, map[string]*tensor.Tensor[float32]{"data": images}
}

func TestThreadsDoNotChangeABit(t *testing.T) {
	g, in := narrow(t)
	want, err := Run(t.Context(), g, in, Options[float32]{Threads: 1, Keep: All})
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Values) != 143 {
		t.Errorf("kept %d values, want 143", len(want.Values))
	}
	for _, threads := range []int{2, 3, 16} {
		got, err := Run(t.Context(), g, in, Options[float32]{Threads: threads, Keep: All})
		if err != nil {
			t.Fatal(err)
		}
		for name, w := range want.Values {
			if !slices.Equal(got.Values[name].Data, w.Data) {
				t.Errorf("%s differs with %d threads", name, threads)
			}
		}
	}
}

func TestOnlyOutputsAreKept(t *testing.T) {
	g, in := narrow(t)
	r, err := Run(t.Context(), g, in, Options[float32]{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Values) != 1 || r.Values["prob"] == nil {
		t.Errorf("kept %d values, want prob alone", len(r.Values))
	}
}

func TestHookSubstitutes(t *testing.T) {
	g, in := narrow(t)
	constant := tensor.New[float32](2, 7)
	for i := range constant.Data {
		constant.Data[i] = 3
	}
	var seen []string
	r, err := Run(t.Context(), g, in, Options[float32]{Hook: func(n *graph.Node, _, out []*tensor.Tensor[float32]) ([]*tensor.Tensor[float32], error) {
		seen = append(seen, n.Name)
		if n.Name == "loss3/classifier" {
			return []*tensor.Tensor[float32]{constant}, nil
		}
		return out, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) != len(g.Nodes) || seen[0] != "conv1/7x7_s2" {
		t.Errorf("the hook saw %d of %d nodes", len(seen), len(g.Nodes))
	}
	for i, p := range r.Values["prob"].Data {
		if p != 1.0/7 {
			t.Errorf("prob[%d] = %g: the substituted scores did not flow on", i, p)
		}
	}
}

func TestUnknownOperationSkipsWhatDependsOnIt(t *testing.T) {
	g, in := narrow(t)
	g.Node("inception_5a/3x3").Layer = layer.Unknown{Op: "Mystery"}
	r, err := Run(t.Context(), g, in, Options[float32]{Keep: All})
	if err != nil {
		t.Fatal(err)
	}
	if r.Values["inception_5a/1x1"] == nil || r.Values["inception_5a/output"] != nil || r.Values["prob"] != nil {
		t.Error("kept or skipped the wrong values")
	}
	if !slices.Contains(r.Skipped, "inception_5a/3x3") || !slices.Contains(r.Skipped, "prob") || slices.Contains(r.Skipped, "inception_5a/5x5") {
		t.Errorf("skipped %v", r.Skipped)
	}
}

func TestErrors(t *testing.T) {
	g, in := narrow(t)
	if _, err := Run(t.Context(), g, map[string]*tensor.Tensor[float32]{"image": in["data"]}, Options[float32]{}); err == nil ||
		!strings.Contains(err.Error(), `"data"`) || !strings.Contains(err.Error(), "image") {
		t.Errorf("a missing input: got %v", err)
	}
	if _, err := Run(t.Context(), g, map[string]*tensor.Tensor[float32]{"data": tensor.New[float32](1, 4, 64, 64)}, Options[float32]{}); err == nil ||
		!strings.Contains(err.Error(), "conv1/7x7_s2") {
		t.Errorf("an input of four channels: got %v", err)
	}
	stop := errors.New("stop")
	_, err := Run(t.Context(), g, in, Options[float32]{Hook: func(*graph.Node, []*tensor.Tensor[float32], []*tensor.Tensor[float32]) ([]*tensor.Tensor[float32], error) {
		return nil, stop
	}})
	if !errors.Is(err, stop) {
		t.Errorf("the hook's error: got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, g, in, Options[float32]{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run: got %v", err)
	}
}

// TestReleased: memory that was given back does not change what later runs compute, nor what was not given back.
func TestReleased(t *testing.T) {
	g, in := narrow(t)
	want, err := Run(t.Context(), g, in, Options[float32]{Keep: All})
	if err != nil {
		t.Fatal(err)
	}
	packed := &layer.Packed{}
	for range 3 {
		got, err := Run(t.Context(), g, in, Options[float32]{Keep: All, Packed: packed})
		if err != nil {
			t.Fatal(err)
		}
		for name, w := range want.Values {
			if !slices.Equal(got.Values[name].Data, w.Data) {
				t.Errorf("%s differs", name)
			}
		}
		got.Release()
	}
}

// TestHookDoesNotChangeABit: with every value watched, which takes the ReLU out of the convolution, the outputs are the
// same bit by bit.
func TestHookDoesNotChangeABit(t *testing.T) {
	g, in := narrow(t)
	want, err := Run(t.Context(), g, in, Options[float32]{})
	if err != nil {
		t.Fatal(err)
	}
	lowest := float32(0)
	got, err := Run(t.Context(), g, in, Options[float32]{Hook: func(n *graph.Node, _, out []*tensor.Tensor[float32]) ([]*tensor.Tensor[float32], error) {
		if n.Name == "conv1/7x7_s2" {
			lowest = slices.Min(out[0].Data)
		}
		return out, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Values["prob"].Data, want.Values["prob"].Data) {
		t.Error("the outputs differ")
	}
	if lowest >= 0 {
		t.Error("the hook did not see the convolution without its ReLU")
	}
}

// TestRecorded: gradients of the parameters from a recorded run are those from the run that keeps everything.
func TestRecorded(t *testing.T) {
	g, in := narrow(t)
	all, err := Run(t.Context(), g, in, Options[float32]{Keep: All})
	if err != nil {
		t.Fatal(err)
	}
	seed := tensor.New[float32](all.Values["prob"].Shape...)
	seed.Data[3], seed.Data[8] = 1, -2
	seeds := map[string]*tensor.Tensor[float32]{"prob": seed}
	want, err := Backward(t.Context(), g, all.Values, seeds, BackwardOptions[float32]{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{1, 2, 5} {
		r, err := Run(t.Context(), g, in, Options[float32]{Record: true, Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Backward(t.Context(), g, seeds, BackwardOptions[float32]{Threads: threads, ParamsOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Params) != len(want.Params) || len(got.Values) != 0 {
			t.Errorf("%d gradients of parameters, want %d; %d of values", len(got.Params), len(want.Params), len(got.Values))
		}
		for p, w := range want.Params {
			if !slices.Equal(got.Params[p].Data, w.Data) {
				t.Errorf("%s differs with %d threads", p.Name, threads)
			}
		}
	}
}
