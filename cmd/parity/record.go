package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parity/cmd/parity/side"
	"parity/fixtures"
	"parity/parity/sketch"
)

// recordFlags are the options of record.
type recordFlags struct {
	parts                      side.Overrides
	output, name, against      string
	description, licence, made string
	keep, sketch               []string
	above, size                int
	seed                       uint64
	threads                    int
}

func newRecord() *cobra.Command {
	var f recordFlags
	c := &cobra.Command{
		Use:   "record SIDE -o FOLDER",
		Short: "write a bundle: a side with its model, weights, inputs, tensors and a manifest with hashes",
		Long: `Write a side into a new folder that can be committed: the files of its model and weights, inputs.npz, tensors.npz, a side.json that names them
and says who made the tensors, and a manifest.json with the hash of every file. Tensors that were recorded are copied; where there are
none, or with @native, they are computed here. The folder appears whole or not at all, and never in the place of something else.

With --sketch or --sketch-above, a tensor is kept as a sketch, a hundredth of its size: sums of its elements with random signs, and moments of its
channels. What a sketch cannot miss is derived in package parity/sketch and said in every report: one element that is off by more than some 400 rounding
bounds of one, an offset of a channel by two, and with near certainty whatever fills a map. Faults are found all the same; their causes are proven
where the model is there to be asked. A tensor with NaN or an infinity stays whole. Keep the outputs whole.

parity gate then compares it whenever it is run: with the side that --against names or, without one, with what the model computes.

` + preprocessHelp(),
		Example: `  parity record caffe -o fixtures/reference
  parity record port/frozen.pb --inputs inputs.npz -o fixtures/port --against fixtures/reference
  parity record net.onnx --image cat.jpg --preprocess rgb,scale=1/255 -o fixtures/net --keep "conv1/*,prob"`,
		Args: exactly("record", "SIDE"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.Context(), args[0], c.OutOrStdout()) },
	}
	addOverrides(c, &f.parts, "", "of the side")
	flags := c.Flags()
	flags.StringVar(&f.parts.Producer, "producer", "", "`WHO` recorded the tensors, as in math=tf32,device=cuda; see parity help compare")
	flags.StringVarP(&f.output, "output", "o", "", "`FOLDER` to make")
	flags.StringVar(&f.name, "name", "", "`NAME` of the side in the bundle (default: its framework)")
	flags.StringVar(&f.against, "against", "", "`SIDE`, a folder, that parity gate is to compare this one with, as the reference")
	flags.StringSliceVar(&f.keep, "keep", nil, "keep only these `TENSORS` (names or patterns, comma-separated)")
	flags.StringSliceVar(&f.sketch, "sketch", nil, "keep sketches of these `TENSORS` (names or patterns, comma-separated)")
	flags.IntVar(&f.above, "sketch-above", 0, "keep sketches of all tensors with more than this `NUMBER` of elements")
	flags.IntVar(&f.size, "sketch-size", sketch.DefaultSize, "how many elements one number of a sketch stands for")
	flags.Uint64Var(&f.seed, "seed", 1, "`SEED` of the random signs")
	flags.StringVar(&f.description, "description", "", "`TEXT` about the bundle, for its manifest")
	flags.StringVar(&f.licence, "licence", "not stated", "`TEXT` about the licence of the model, for the manifest")
	flags.StringVar(&f.made, "made", "", "`TEXT` about how the tensors were made, for the manifest")
	flags.IntVar(&f.threads, "threads", 0, "number of threads (default: one for each processor)")
	return c
}

func (f *recordFlags) run(ctx context.Context, text string, stdout io.Writer) error {
	if f.output == "" {
		return errors.New("record: say where to write with -o FOLDER")
	}
	spec, err := side.Parse(text)
	if err != nil {
		return err
	}
	comparisons, err := f.comparisons()
	if err != nil {
		return err
	}
	if f.threads <= 0 {
		f.threads = runtime.GOMAXPROCS(0)
	}
	r, err := side.Record(ctx, spec, f.parts, version(), f.threads)
	if err != nil {
		return err
	}
	whole, err := f.choose(r)
	if err != nil {
		return err
	}
	if r.Graph == nil && f.against == "" {
		return fmt.Errorf("%s: tensors without a model have nothing to be compared with; name a side with --against", text)
	}
	if f.name = cmp.Or(f.name, r.Side.Framework); strings.ContainsAny(f.name, `@:/\\`) {
		return fmt.Errorf(`--name %q: a name is without @ : / and \\, which have a meaning where sides are named`, f.name)
	}
	m := f.manifest(r)
	for _, reference := range comparisons {
		m.Comparisons = append(m.Comparisons, fixtures.Comparison{Reference: reference, Candidate: f.name})
	}
	if err := fixtures.Create(f.output, m, func(dir string) (*fixtures.Side, error) { return r.Write(dir) }); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		if _, err := fmt.Fprintf(stdout, "%s: kept whole: it %v\n", name, whole[name]); err != nil {
			return err
		}
	}
	return f.say(stdout)
}

// comparisons lists the references, by their paths from the bundle's folder.
func (f *recordFlags) comparisons() ([]string, error) {
	if f.against == "" {
		return nil, nil
	}
	spec, err := side.Parse(f.against)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(spec.Path); err != nil {
		return nil, fmt.Errorf("--against: expected a side's folder: %w", err)
	}
	rel, err := filepath.Rel(f.output, spec.Path)
	if err != nil {
		return nil, fmt.Errorf("--against: %w", err)
	}
	rel = filepath.ToSlash(rel)
	if spec.Framework != "" {
		rel = spec.Framework + ":" + rel
	}
	if spec.Source != "" {
		rel += "@" + spec.Source
	}
	return []string{rel}, nil
}

// choose drops and sketches tensors as the flags say. It returns those that have no sketch, with the reason.
func (f *recordFlags) choose(r *side.Recording) (whole map[string]error, err error) {
	if len(f.keep) > 0 {
		kept, err := matching("--keep", f.keep, r.Names())
		if err != nil {
			return nil, err
		}
		r.Keep(func(name string) bool { return kept[name] })
	}
	if len(f.sketch) == 0 && f.above == 0 {
		return nil, nil
	}
	switch {
	case r.Graph == nil:
		return nil, errors.New("--sketch: a sketch says something only beside the model that computed the tensors, and there is none")
	case f.size < 1 || f.above < 0:
		return nil, fmt.Errorf("--sketch-size %d, --sketch-above %d: expected positive numbers", f.size, f.above)
	}
	chosen, err := matching("--sketch", f.sketch, r.Names())
	if err != nil {
		return nil, err
	}
	return r.Sketch(func(name string, n int) bool { return chosen[name] || f.above > 0 && n > f.above }, f.size, f.seed), nil
}

// matching chooses names by patterns, each of which must choose some.
func matching(flag string, patterns, names []string) (map[string]bool, error) {
	chosen := map[string]bool{}
	for _, pattern := range patterns {
		found := false
		for _, name := range names {
			ok, err := path.Match(pattern, name)
			if err != nil {
				return nil, fmt.Errorf("%s %q: not a valid pattern", flag, pattern)
			}
			if ok || pattern == name {
				chosen[name], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("%s %q: there is no such tensor", flag, pattern)
		}
	}
	return chosen, nil
}

func (f *recordFlags) manifest(r *side.Recording) fixtures.Manifest {
	p := r.Side.Producer
	made := cmp.Or(f.made, "recorded by "+cmp.Or(p.Name, "an unknown program"))
	return fixtures.Manifest{
		Name: filepath.Base(filepath.Clean(f.output)), Description: f.description, Sides: map[string]string{f.name: "."},
		Provenance: []fixtures.Provenance{{Of: f.name, Framework: r.Side.Framework, Version: p.Version, Licence: f.licence,
			Source: cmp.Or(filepath.Base(r.Side.Model), "tensors alone"), Made: made}},
	}
}

func (f *recordFlags) say(stdout io.Writer) error {
	b, err := fixtures.Open(f.output)
	if err != nil {
		return err
	}
	var size int64
	for _, file := range b.Files {
		size += file.Size
	}
	_, err = fmt.Fprintf(stdout, "%s: %d files, %s\n", f.output, len(b.Files), bytesText(size))
	return err
}

func bytesText(n int64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d bytes", n)
}
