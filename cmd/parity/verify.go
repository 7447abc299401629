package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"parity/cmd/parity/cases"
)

// verifyFlags are the options of verify.
type verifyFlags struct {
	dump    string
	json    bool
	threads int
}

func newVerify() *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use:   "verify DIR...",
		Short: "run cases recorded by frameworks and check every tensor",
		Long: `Run every case at or below the given folders and hold what was computed, forward and backward, in float32 and float64,
against what the framework recorded: one line a case with the largest ratios to the rounding bound (1 is the limit), then
a summary. A case is a folder with

  net.prototxt   a Caffe network; net.caffemodel, inputs.npz, expect.npz, expect64.npz, stages.npz, top_diffs.npz
                 (gradients fed in), grads.npz, params_after.npz, case.json ("phase") as far as they are there
  solver.prototxt
                 a training run of Caffe; net.prototxt, run.npz (losses, gradients, updates, parameters of every
                 iteration), snapshots; beside them, or in the folder above, init.caffemodel, data.npy, labels.npy
  case.json      with the kind "loss": inputs.npz (embeddings, labels and what the loss learns), expect.npz, expect64.npz (loss, grad/NAME),
                 or "steps": a training run across the heat-up point; init.npz, run.npz, run64.npz (loss, gradnorm/NAME, param/NAME),
                 or "eval": inputs.npz (features, labels, initial_centres or is_query), scores of retrieval and of k-means under
                 "expect", kmeans.npz (centres, assignments)
  run.npz        a run of an optimiser of tf.compat.v1.train, with case.json, init.npz, run64.npz
  stats.json     statistics of what Caffe's fillers (by name) or TensorFlow's initialisers (a list) drew
  model.onnx     an ONNX model, with test_data_set_N/{input,output}_N.pb as in ONNX's own conformance tests
  index*.json    pictures that TensorFlow or Pillow decoded, resized or recoloured ("op", "file" or "input", "expect"), or
                 that Caffe's data layers transformed ("image", "param", "phase"); every entry is checked, and those
                 that fail are named
  resize_*.npy   pictures that caffe.io and Caffe's ImageData layer read, whose names say how: resize_NAME_HxW_noaa.npy,
                 transformer_N_googlenet_NAME_noaa.npy, NAME_raw_bgr.npy, NAME_resizeN_cropN_mean3.npy`,
		Example: `  parity verify recordings
  parity verify recordings/conv_k3 --dump out --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return f.run(c.Context(), args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&f.dump, "dump", "", "write what was computed to `DIR`/CASE/{outputs,outputs64,grads,grads64}.npz")
	c.Flags().BoolVar(&f.json, "json", false, "a line of JSON for each case")
	c.Flags().IntVar(&f.threads, "threads", 0, "number of threads (default: one for each processor); results do not depend on it")
	return c
}

func (f *verifyFlags) run(ctx context.Context, roots []string, stdout, stderr io.Writer) error {
	if f.threads < 0 {
		return fmt.Errorf("--threads %d: expected a positive number", f.threads)
	}
	dirs, err := findCases(roots)
	if err != nil {
		return err
	}
	if f.threads == 0 {
		f.threads = runtime.GOMAXPROCS(0)
	}
	show := newProgress(stderr, len(dirs))
	passed := 0
	for i, dir := range dirs {
		show.at(i, dir)
		r, err := cases.Run(ctx, dir, cases.Options{Threads: f.threads, Dump: f.dump})
		if err != nil {
			show.clear()
			return err
		}
		if r.Passed {
			passed++
		}
		show.clear()
		if err := f.print(stdout, r); err != nil {
			return err
		}
	}
	failed := len(dirs) - passed
	if !f.json {
		if _, err := fmt.Fprintf(stdout, "%d passed, %d failed\n", passed, failed); err != nil {
			return err
		}
	}
	if failed > 0 {
		return status(exitDifference)
	}
	return nil
}

func findCases(roots []string) ([]string, error) {
	var dirs []string
	for _, root := range roots {
		list, err := cases.Find(root)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("%s: no case at or below this folder; see 'parity verify --help' for what one holds", root)
		}
		dirs = append(dirs, list...)
	}
	return dirs, nil
}

func (f *verifyFlags) print(w io.Writer, r *cases.Result) error {
	if f.json {
		return json.NewEncoder(w).Encode(r)
	}
	word := "ok  "
	if !r.Passed {
		word = "FAIL"
	}
	_, err := fmt.Fprintf(w, "%s %-40s forward %s  backward %s%s\n", word, r.Case, checked(r.Forward), checked(r.Backward), detail(r))
	return err
}

func checked(c *cases.Check) string {
	if c == nil {
		return "-      "
	}
	return fmt.Sprintf("%-7.2g", float64(c.Ratio))
}

// detail says of a failed case where it failed.
func detail(r *cases.Result) string {
	switch {
	case r.Passed:
		return ""
	case r.Error != "":
		return "  " + r.Error
	case r.Forward != nil && !r.Forward.Ratio.Within():
		return "  " + r.Forward.Key
	case r.Backward != nil && !r.Backward.Ratio.Within():
		return "  " + r.Backward.Key
	}
	return "  nothing was compared"
}

// progress shows on a terminal what is being run.
type progress struct {
	w     io.Writer
	total int
}

func newProgress(w io.Writer, total int) *progress {
	if file, ok := w.(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
		return &progress{total: total}
	}
	return &progress{w, total}
}

func (p *progress) at(i int, dir string) {
	if p.w != nil {
		fmt.Fprintf(p.w, "\r\x1b[K%d/%d %s", i+1, p.total, dir)
	}
}

func (p *progress) clear() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
