package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parity/fixtures"
	"parity/parity"
	"parity/parity/gate"
	"parity/reports"
)

// gateFlags are the options of gate.
type gateFlags struct {
	out                reportFlags
	baseline, accepted string
	date, pages        string
	update, dryRun     bool
	threads            int
}

// defaultFixtures is where bundles, the baseline and the accepted differences lie unless something else is said.
const defaultFixtures = "fixtures"

func newGate() *cobra.Command {
	var f gateFlags
	c := &cobra.Command{
		Use:   "gate [FOLDER...]",
		Short: "compare all bundles and hold the verdicts against the committed baseline",
		Long: `Compare what every bundle at or below the folders (default: fixtures) says is to be compared, and hold it against the baseline. The
gate fails, with status 1, on

  a difference         that the list of accepted differences does not have, or that is beyond its limit, or whose review is due
  a verdict            of a layer or a comparison that is worse than in the baseline
  a hash               of a file that is not what its manifest says, or of a manifest that is not what the baseline was made with
  a comparison         that the baseline has and that is not run any more, or that it lacks, or that cannot be run
  nothing              to compare

Ratios to the rounding bound are shown beside those of the baseline and never compared: processors with other instructions compute others.

What is compared, a bundle's manifest.json says: "comparisons": [{"reference": "caffe", "candidate": "tf"}]. A name is that of a side of
the bundle, or a path from its folder to whatever was built, as in "onnx:../../build/model.onnx"; it may end in @SOURCE. A bundle of one side is
compared with what its model computes here.

fixtures/accepted.json lists differences to live with for a while:

  {"schema": "parity.accepted/1", "differences": [{
   "bundle": "narrow_googlenet", "reference": "caffe", "candidate": "tf-same", "layer": "conv1/7x7_s2", "cause": "conv.padding",
   "limit": 60000, "reason": "the mobile build pads so", "review": "2027-01-31"}]}

The cause is that of the finding; where there is none, "unexplained", "inherited", "missing" or "incomparable". The limit is a multiple of the rounding
bound, and may be left out where nothing could be measured. From the day of the review on the gate fails. A layer that is right on
its own inputs needs no entry if those that it inherits from have one.`,
		Example: `  parity gate
  parity gate --format junit -o gate.xml
  parity gate --update-baseline --dry-run
  parity gate fixtures/bvlc_googlenet --quiet`,
		RunE: func(c *cobra.Command, args []string) error {
			return f.run(c.Context(), args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.baseline, "baseline", filepath.Join(defaultFixtures, "baseline.json"), "`FILE` with the baseline")
	flags.StringVar(&f.accepted, "accepted", "", "`FILE` with the accepted differences (default: accepted.json beside the baseline, if it is there)")
	flags.BoolVar(&f.update, "update-baseline", false, "say what would change in the baseline, and then write it")
	flags.BoolVar(&f.dryRun, "dry-run", false, "with --update-baseline, write nothing")
	flags.StringVar(&f.date, "date", "", "judge reviews as of this `DAY`, as in 2027-01-31 (default: today)")
	flags.StringVar(&f.pages, "pages", "", "write the HTML report of each comparison into this `FOLDER`")
	flags.IntVar(&f.threads, "threads", 0, "number of threads (default: one for each processor); results do not depend on it")
	f.out.add(c)
	return c
}

func (f *gateFlags) run(ctx context.Context, roots []string, stdout, stderr io.Writer) error {
	format, err := f.prepare()
	if err != nil {
		return err
	}
	if len(roots) == 0 {
		roots = []string{defaultFixtures}
	}
	before, err := f.readBaseline()
	if err != nil {
		return err
	}
	accepted, err := f.readAccepted()
	if err != nil {
		return err
	}
	dirs, err := findBundles(roots)
	if err != nil {
		return err
	}
	r := gateRun{gateFlags: f, base: filepath.Dir(f.baseline), progress: newProgress(stderr, len(dirs))}
	runs, err := r.all(ctx, dirs)
	if err != nil {
		return err
	}
	expected := r.expected(roots)
	if f.update {
		if before, err = f.updated(stdout, before, runs, expected); err != nil {
			return err
		}
	}
	g := gate.All(runs, before, accepted, f.date, expected)
	g.Baseline, g.Environment = filepath.ToSlash(f.baseline), environment(f.threads)
	if accepted != nil {
		g.Accepted = filepath.ToSlash(f.accepted)
	}
	return f.out.writeGate(format, g, stdout)
}

// prepare checks the flags before anything is computed.
func (f *gateFlags) prepare() (reports.Format, error) {
	format, err := f.out.chosen()
	switch {
	case err != nil:
		return format, err
	case gateFormat(format) != nil:
		return format, gateFormat(format)
	case f.threads < 0:
		return format, fmt.Errorf("--threads %d: expected a positive number", f.threads)
	case f.dryRun && !f.update:
		return format, errors.New("--dry-run belongs to --update-baseline: without it nothing is written anyway")
	}
	if f.threads == 0 {
		f.threads = runtime.GOMAXPROCS(0)
	}
	if f.date == "" {
		f.date = time.Now().UTC().Format(time.DateOnly)
	}
	if _, err := time.Parse(time.DateOnly, f.date); err != nil {
		return format, fmt.Errorf("--date %q: expected a day as in 2027-01-31", f.date)
	}
	return format, nil
}

// gateFormat refuses a format that gates have not.
func gateFormat(f reports.Format) error {
	if f.Gate != nil {
		return nil
	}
	return fmt.Errorf("--format %s: a gate has no such report (%s); --pages FOLDER writes one for each comparison", f.Name, gateFormatNames())
}

func gateFormatNames() string {
	var names []string
	for _, f := range reports.Formats {
		if f.Gate != nil {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// readBaseline reads the baseline; one that is to be made may be missing.
func (f *gateFlags) readBaseline() (*gate.Baseline, error) {
	b, err := gate.ReadBaseline(f.baseline)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.update:
		return &gate.Baseline{Schema: gate.BaselineSchema}, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no baseline; make one with parity gate --update-baseline, and commit it", f.baseline)
	}
	return b, err
}

// readAccepted is nil if there is no file of accepted differences and none was named.
func (f *gateFlags) readAccepted() (*gate.Accepted, error) {
	named := f.accepted != ""
	if !named {
		f.accepted = filepath.Join(filepath.Dir(f.baseline), "accepted.json")
	}
	a, err := gate.ReadAccepted(f.accepted)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil, nil
	}
	return a, err
}

func findBundles(roots []string) ([]string, error) {
	var dirs []string
	seen := map[string]bool{}
	for _, root := range roots {
		found, err := fixtures.Find(root)
		if err != nil {
			return nil, err
		}
		for _, dir := range found {
			if !seen[filepath.Clean(dir)] {
				seen[filepath.Clean(dir)] = true
				dirs = append(dirs, filepath.Clean(dir))
			}
		}
	}
	return dirs, nil
}

// updated says what changes in the baseline, and writes it. Nothing is written where something could not be run.
func (f *gateFlags) updated(stdout io.Writer, before *gate.Baseline, runs []gate.Run, expected func(string) bool) (*gate.Baseline, error) {
	for _, r := range runs {
		if r.Result == nil {
			return nil, fmt.Errorf("%s: not updated, for %s could not be run: %w", f.baseline, r.Key, r.Err)
		}
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("%s: not updated, for no bundle was found", f.baseline)
	}
	now := gate.Updated(before, runs, expected)
	changes := gate.Changes(before, now)
	for _, c := range changes {
		if _, err := fmt.Fprintln(stdout, "baseline:", c); err != nil {
			return nil, err
		}
	}
	if f.dryRun {
		fmt.Fprintf(stdout, "baseline: %d changes, not written\n", len(changes))
		return before, nil
	}
	if err := writeFile(f.baseline, now.Write); err != nil {
		return nil, err
	}
	_, err := fmt.Fprintf(stdout, "baseline: %d changes, written to %s\n", len(changes), f.baseline)
	return now, err
}

func (f *reportFlags) writeGate(format reports.Format, g *parity.Gate, stdout io.Writer) error {
	if err := f.renderGate(format, g, stdout); err != nil {
		return err
	}
	if code := g.ExitCode(); code != exitDone {
		return status(code)
	}
	return nil
}

func (f *reportFlags) renderGate(format reports.Format, g *parity.Gate, stdout io.Writer) error {
	return f.to(stdout, func(w io.Writer, o reports.Options) error { return format.Gate(w, g, o) })
}

// gateRun runs bundles.
type gateRun struct {
	*gateFlags
	base     string // the baseline's folder
	progress *progress
}

// expected says which bundles of the baseline should have been run: those at or below the folders.
func (r *gateRun) expected(roots []string) func(string) bool {
	return func(bundle string) bool {
		path := filepath.Join(r.base, filepath.FromSlash(bundle))
		for _, root := range roots {
			if rel, err := filepath.Rel(root, path); err == nil && filepath.IsLocal(rel) {
				return true
			}
		}
		return false
	}
}

func (r *gateRun) all(ctx context.Context, dirs []string) ([]gate.Run, error) {
	defer r.progress.clear()
	if r.pages != "" {
		if err := os.MkdirAll(r.pages, 0o777); err != nil {
			return nil, err
		}
	}
	var runs []gate.Run
	for i, dir := range dirs {
		r.progress.at(i, dir)
		list, err := r.bundle(ctx, dir)
		if err != nil {
			return nil, err
		}
		runs = append(runs, list...)
	}
	return runs, nil
}
