package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"parity/cmd/parity/side"
	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/parity/compare"
	"parity/parity/trace"
)

// runFlags are the options of run.
type runFlags struct {
	parts   side.Overrides
	out     string
	dtype   string
	threads int
	profile bool
}

func newRun() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run SIDE {--out FILE.npz | --profile}",
		Short: "compute every tensor of a network and write it to a file",
		Long: `Run a network in this program's own engine and write every tensor to a .npz file, under the framework's own names
and in its own layout: what a recording of the real framework would hold. Values before and after an in-place layer
are x and x@LAYER.

With --profile, the network runs several times without keeping tensors, and the time of every layer is printed, with the
share of what the processor can do at most.

` + preprocessHelp(),
		Example: `  parity run caffe --out tensors.npz
  parity run caffe --profile --threads 1
  parity run frozen.pb --image cat.jpg --preprocess rgb,scale=1/127.5,mean=127.5 --out tensors.npz --dtype float64`,
		Args: exactly("run", "SIDE"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.Context(), c.OutOrStdout(), args[0]) },
	}
	addOverrides(c, &f.parts, "", "of the side")
	c.Flags().StringVar(&f.out, "out", "", "`FILE.npz` to write")
	c.Flags().BoolVar(&f.profile, "profile", false, "print the time of every layer")
	c.Flags().StringVar(&f.dtype, "dtype", "float32", "precision to compute in: float32 or float64")
	c.Flags().IntVar(&f.threads, "threads", 0, "number of threads (default: one for each processor)")
	return c
}

func (f *runFlags) run(ctx context.Context, stdout io.Writer, text string) error {
	if f.out == "" && !f.profile {
		return errors.New("run: say where to write with --out FILE.npz, or ask for --profile")
	}
	if f.out != "" && !strings.HasSuffix(f.out, ".npz") {
		return fmt.Errorf("run: --out %s: expected a name that ends in .npz", f.out)
	}
	if f.threads <= 0 {
		f.threads = runtime.GOMAXPROCS(0)
	}
	s, err := f.load(ctx, text)
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := write(f.out, s); err != nil {
			return err
		}
	}
	switch {
	case !f.profile:
		return nil
	case s.Info.Source == side.Native64:
		return profile[float64](ctx, stdout, s, f.threads)
	}
	return profile[float32](ctx, stdout, s, f.threads)
}

// write writes every tensor of a side to a file.
func write(path string, s compare.Side) error {
	var t npz.Tensors
	for _, name := range valueOrder(s.Graph) {
		if v := s.Trace.Values[name]; v != nil {
			t.Set(name, trace.Stored(s.Graph, name, v))
		}
	}
	return npz.Write(path, &t)
}

func (f *runFlags) load(ctx context.Context, text string) (compare.Side, error) {
	source, ok := map[string]string{"float32": side.Native, "float64": side.Native64}[f.dtype]
	if !ok {
		return compare.Side{}, fmt.Errorf("run: --dtype %q: expected float32 or float64", f.dtype)
	}
	spec, err := side.Parse(text)
	if err != nil {
		return compare.Side{}, err
	}
	if spec.Source == side.Recorded {
		return compare.Side{}, fmt.Errorf("%s: run computes tensors; it has no use for the source recorded", text)
	}
	if spec.Source != side.Native64 {
		spec.Source = source
	}
	return side.Load(ctx, spec, f.parts, f.threads)
}

// valueOrder lists a graph's values in the order of computation.
func valueOrder(g *graph.Graph) []string {
	var names []string
	for _, in := range g.Inputs {
		names = append(names, in.Name)
	}
	for _, n := range g.Nodes {
		names = append(names, n.Outputs...)
	}
	return names
}
