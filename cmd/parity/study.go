package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"parity/cmd/parity/side"
	"parity/googlenet/tensor"
	"parity/importers/image"
	"parity/parity/study"
	"parity/reports/studies"
)

// studyFlags are the options of study.
type studyFlags struct {
	parts            side.Overrides
	model, data, out string
	output, features string
	size, format     string
	variants         []string
	count, batch     int
	bounds, threads  int
	seed             uint64
	list             bool
	stderr           io.Writer
}

// studyBase is how photos are fed unless it is said: as the BVLC models are tested, at the network's size.
const studyBase = "caffe,resize=%dx%d,crop=%dx%d"

func newStudy() *cobra.Command {
	f := studyFlags{}
	c := &cobra.Command{
		Use:   "study {padding|preprocessing|normalization|all}",
		Short: "measure what padding, preprocessing and normalisation do to the result",
		Long: `Measure, variant by variant, what one choice does to a network's results:

  padding        what lies around a map, how many windows there are, what an average divides by
  preprocessing  order of the channels, means, scale, resize, crop, decoder
  normalization  local response and batch normalisation, the length of the features

For each variant: how far every layer moves, as a multiple of the rounding bound of both runs (on the first --bounds images)
and relative to its values; in how many images the first class stays, and is among the first five; what Recall@1 of the
features gains or loses, with all images embedded anew and with a gallery of the unchanged network. Intervals are 95 %: Wilson's
for fractions, Student's for means, Newcombe's for paired differences. A variant helps or hurts if McNemar's exact test says
so at 5 %, adjusted (Holm) for all variants of the factor; otherwise it cannot be told.

Without --data, pictures of simple patterns are drawn: that shows how it works, and nothing about photos. In a folder of photos,
a photo's class is the folder that it lies in. With --out, the table, JSON and CSV are written to a folder, and an
interrupted study goes on where it was. Results depend neither on the number of threads nor on interruptions.

` + preprocessHelp(),
		Example: `  parity study padding
  parity study preprocessing --data photos --count 300 --out study
  parity study normalization --data photos --model frozen.pb --preprocess inception-eval --features pool5
  parity study padding --variants same,valid --format json`,
		Args: exactly("study", "FACTOR"),
		RunE: func(c *cobra.Command, args []string) error {
			f.stderr = c.ErrOrStderr()
			return f.run(c.Context(), args[0], c.OutOrStdout())
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.model, "model", "caffe", "the network to study, a `SIDE`")
	flags.StringVar(&f.parts.Weights, "weights", "", "weights `FILE`, where it lies apart from the model")
	flags.BoolVar(&f.parts.MovingAverages, "moving-averages", false, "take the moving averages in the TensorFlow checkpoint")
	flags.StringVar(&f.parts.Preprocess, "preprocess", "", "how photos become inputs in the base, as in `bgr,mean=104:117:123`; above (default: caffe, resized an eighth larger and cropped)")
	flags.StringVar(&f.data, "data", "", "`FOLDER` of photos, a folder a class (default: drawn pictures)")
	flags.IntVar(&f.count, "count", 0, "how many images, as many of each class (default: 200 photos or 40 drawn pictures)")
	flags.Uint64Var(&f.seed, "seed", 1, "which photos are chosen, and what is drawn")
	flags.StringVar(&f.output, "output", "", "the value that holds the classes, where the network has several outputs")
	flags.StringVar(&f.features, "features", "", "the `VALUE` that retrieval compares (default: what the last layer with weights reads)")
	flags.StringVar(&f.size, "size", "", "size of the images as `HxW`, where the network leaves it open")
	flags.StringSliceVar(&f.variants, "variants", nil, "only these `VARIANTS`, comma-separated, and the base")
	flags.BoolVar(&f.list, "list", false, "list the variants and compute nothing")
	flags.IntVar(&f.batch, "batch", 8, "images computed at a time")
	flags.IntVar(&f.bounds, "bounds", 2, "images held against rounding bounds")
	flags.IntVar(&f.threads, "threads", 0, "number of threads (default: one for each processor); results do not depend on it")
	flags.StringVar(&f.format, "format", "terminal", "what to print: "+strings.Join(studies.Names(), ", "))
	flags.StringVar(&f.out, "out", "", "`FOLDER` to write tables and what an interrupted study has computed to")
	return c
}

// factors are those that a name means.
func (f *studyFlags) factors(name string) ([]study.Factor, error) {
	if name == "all" {
		if len(f.variants) > 0 {
			return nil, errors.New("--variants names variants of one factor, not of all")
		}
		return study.Factors, nil
	}
	factor, err := study.FactorNamed(name)
	if err == nil {
		factor, err = factor.Only(f.variants)
	}
	return []study.Factor{factor}, err
}

func (f *studyFlags) run(ctx context.Context, name string, stdout io.Writer) error {
	factors, err := f.factors(name)
	if err != nil {
		return err
	}
	format, err := studies.Named(f.format)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	if f.list {
		return listVariants(stdout, factors)
	}
	m, err := f.open()
	if err != nil {
		return err
	}
	base, err := f.base(m)
	if err != nil {
		return err
	}
	set, err := f.set(ctx)
	if err != nil {
		return err
	}
	images := set.images(m.Image[1], m.Image[2])
	for _, factor := range factors {
		r, err := f.study(ctx, m, images, factor, base)
		if err != nil {
			return err
		}
		if err := format.Write(stdout, r); err != nil {
			return err
		}
		if err := f.keep(r); err != nil {
			return err
		}
	}
	return nil
}

func (f *studyFlags) check() error {
	for _, n := range []struct {
		flag  string
		value int
		least int
	}{{"count", f.count, 0}, {"batch", f.batch, 1}, {"bounds", f.bounds, 0}, {"threads", f.threads, 0}} {
		if n.value < n.least {
			return fmt.Errorf("--%s %d: expected at least %d", n.flag, n.value, n.least)
		}
	}
	if f.threads == 0 {
		f.threads = runtime.GOMAXPROCS(0)
	}
	return nil
}

func listVariants(w io.Writer, factors []study.Factor) error {
	for _, factor := range factors {
		fmt.Fprintf(w, "%s: %s\n", factor.Name, factor.About)
		for _, v := range factor.Variants {
			if _, err := fmt.Fprintf(w, "  %-24s %s\n", v.ID, v.Title); err != nil {
				return err
			}
		}
	}
	return nil
}

// open reads the model.
func (f *studyFlags) open() (*study.Model, error) {
	spec, err := side.Parse(f.model)
	if err != nil {
		return nil, fmt.Errorf("--model %w", err)
	}
	opened, err := side.OpenStudied(spec, f.parts)
	if err != nil {
		return nil, err
	}
	size, err := parsedSize(f.size)
	if err != nil {
		return nil, err
	}
	m, err := study.NewModel(opened.Graph(), f.output, f.features, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.model, err)
	}
	m.Side = f.model
	m.Files, err = opened.Files()
	return m, err
}

func parsedSize(text string) (tensor.Shape, error) {
	if text == "" {
		return nil, nil
	}
	h, w, _ := strings.Cut(text, "x")
	height, errH := strconv.Atoi(h)
	width, errW := strconv.Atoi(w)
	if errH != nil || errW != nil || height < 1 || width < 1 {
		return nil, fmt.Errorf("--size %s: expected HxW, as in 224x224", text)
	}
	return tensor.Shape{height, width}, nil
}

// base is how photos are fed in the base, with presets written out.
func (f *studyFlags) base(m *study.Model) (study.Preparation, error) {
	words := f.parts.Preprocess
	if words == "" {
		h, w := m.Image[1], m.Image[2]
		words = fmt.Sprintf(studyBase, h*8/7, w*8/7, h, w)
	}
	how, err := image.Parse(words)
	if err != nil {
		return study.Preparation{}, fmt.Errorf("--preprocess: %w", err)
	}
	return study.ParsePreparation(how.String()), nil
}

func (f *studyFlags) set(ctx context.Context) (*pictureSet, error) {
	if f.data == "" {
		return generated(f.count)
	}
	return fromFolder(ctx, f.data, f.count, f.seed, f.threads)
}

func (f *studyFlags) study(ctx context.Context, m *study.Model, images study.Images, factor study.Factor, base study.Preparation) (*study.Result, error) {
	p := newProgress(f.stderr, 0)
	defer p.clear()
	o := study.Options{Base: base, Batch: f.batch, Bounds: f.bounds, Threads: f.threads, Version: version(), Begin: func(batch, of int) {
		p.total = of
		p.at(batch, factor.Name)
	}}
	if f.out != "" {
		store, err := openStore(f.out, factor.Name, study.Identity(m, images, factor, o))
		if err != nil {
			return nil, err
		}
		o.Store = store
	}
	return study.Run(ctx, m, images, factor, o)
}

// keep writes a result to the folder in every format.
func (f *studyFlags) keep(r *study.Result) error {
	if f.out == "" {
		return nil
	}
	if err := os.MkdirAll(f.out, 0o777); err != nil {
		return err
	}
	for _, file := range studies.Files(r) {
		if err := writeFile(filepath.Join(f.out, file.Name), file.Write); err != nil {
			return err
		}
	}
	return nil
}
