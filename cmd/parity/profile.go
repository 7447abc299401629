package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/kernel"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity/compare"
)

// profileRuns is how many runs are measured: the least time of each layer counts.
const profileRuns = 10

// layerTime is what a layer took.
type layerTime struct {
	node       *graph.Node
	with       *graph.Node // computed together with it; nil for none
	elapsed    time.Duration
	operations int
}

// profile runs a side's network several times and writes how long each layer took, how many operations a second that is, and
// the share of what the processor can do.
func profile[T tensor.Float](ctx context.Context, w io.Writer, s compare.Side, threads int) error {
	inputs := map[string]*tensor.Tensor[T]{}
	for _, in := range s.Graph.Inputs {
		inputs[in.Name] = tensor.As[T](s.Trace.Values[in.Name])
	}
	packed := &layer.Packed{}
	var least []layerTime
	for run := range profileRuns + 1 {
		var times []layerTime
		r, err := engine.Run(ctx, s.Graph, inputs, engine.Options[T]{Threads: threads, Packed: packed, Timer: func(t engine.Timing) {
			times = append(times, layerTime{t.Node, t.Floor, t.Elapsed, operations(t.Node, s)})
		}})
		if err != nil {
			return err
		}
		r.Release()
		switch run {
		case 0: // lays the weights out
		case 1:
			least = times
		default:
			for i, t := range times {
				least[i].elapsed = min(least[i].elapsed, t.elapsed)
			}
		}
	}
	return writeProfile(w, least, kernel.Peak[T](threads), threads)
}

// operations is the number of products and sums of a layer that multiplies with weights, 0 for others: each weight of a
// convolution is used for every cell of its output.
func operations(n *graph.Node, s compare.Side) int {
	out := s.Trace.Values[n.Outputs[0]]
	if len(n.Params) == 0 || out == nil || len(out.Dims()) == 0 {
		return 0
	}
	uses, weights := out.Dims()[0], n.Params[0].Value.Dims().Len()
	switch n.Layer.(type) {
	case layer.Convolution:
		return 2 * weights * uses * out.Dims()[2:].Len()
	case layer.InnerProduct:
		return 2 * weights * uses
	}
	return 0
}

func writeProfile(out io.Writer, list []layerTime, peak float64, threads int) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "ms\tGFLOP/s\t% of peak\t  layer")
	var whole layerTime
	for _, t := range list {
		name := t.node.Name + " (" + t.node.Layer.Kind()
		if t.with != nil {
			name += ", with " + t.with.Name
		}
		writeTime(w, t, peak, name+")")
		whole.elapsed, whole.operations = whole.elapsed+t.elapsed, whole.operations+t.operations
	}
	writeTime(w, whole, peak, fmt.Sprintf("all, on %d thread(s) of %s; peak %.0f GFLOP/s", threads, kernel.ISA(), peak/1e9))
	return w.Flush()
}

func writeTime(w io.Writer, t layerTime, peak float64, name string) {
	speed := float64(t.operations) / math.Max(t.elapsed.Seconds(), 1e-9)
	if t.operations == 0 {
		fmt.Fprintf(w, "%.3f\t\t\t  %s\n", t.elapsed.Seconds()*1e3, name)
		return
	}
	fmt.Fprintf(w, "%.3f\t%.1f\t%.0f\t  %s\n", t.elapsed.Seconds()*1e3, speed/1e9, 100*speed/peak, name)
}
