package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"parity/cmd/parity/side"
	"parity/googlenet/kernel"
	"parity/importers/image"
	"parity/parity"
	"parity/parity/compare"
	"parity/reports"
)

// compareFlags are the options of compare.
type compareFlags struct {
	both, ref, cand side.Overrides
	maps, only      []string
	out             reportFlags
	threads         int
	initializers    bool
	structure       bool
	images, repro   string
	batch           int
	stderr          io.Writer
}

func newCompare() *cobra.Command {
	var f compareFlags
	c := &cobra.Command{
		Use:   "compare REFERENCE CANDIDATE",
		Short: "compare two sides layer by layer",
		Long: `Compare a candidate with a reference, layer by layer: every layer on the candidate's own inputs ("alone") and
in the whole run ("chained"), each as a multiple of the rounding bound; 1 is the limit. A layer is

  match         within the bound
  introduced    wrong on its own inputs: the fault is here
  inherited     right on its inputs, wrong because of a layer before it
  covered       not recorded by the candidate, but a compared layer that it flows into is right
  missing       nothing that was compared covers it
  incomparable  the shapes differ, or the operation is not known

` + imagesHelp + "\n\n" + reproHelp + "\n\n" + side.ProducerUsage() + "\n\n" + preprocessHelp(),
		Example: `  parity compare caffe tf
  parity compare caffe tf-same --format json
  parity compare caffe tf --images photos --cand.preprocess rgb,mean=123:117:104
  parity compare caffe:deploy.prototxt frozen.pb --ref.weights net.caffemodel --image cat.jpg
  parity compare caffe:DIR@recorded caffe:DIR@native
  parity compare deploy.prototxt graph.pb --structure`,
		Args: exactly("compare", "REFERENCE", "CANDIDATE"),
		RunE: func(c *cobra.Command, args []string) error {
			f.stderr = c.ErrOrStderr()
			return f.run(c.Context(), args[0], args[1], c.OutOrStdout())
		},
	}
	flags := c.Flags()
	addOverrides(c, &f.both, "", "of both sides")
	addOverrides(c, &f.ref, "ref.", "of the reference")
	addOverrides(c, &f.cand, "cand.", "of the candidate")
	f.addProducers(c)
	flags.StringArrayVar(&f.maps, "map", nil, "pair a layer or tensor `REF=CAND` by hand; may be repeated")
	flags.StringSliceVar(&f.only, "only", nil, "report only these `LAYERS` of the reference (names or patterns, comma-separated)")
	f.out.add(c)
	flags.IntVar(&f.threads, "threads", 0, "number of threads (default: one for each processor); results do not depend on it")
	flags.StringVar(&f.repro, "repro", "", "write a minimal reproduction of every finding to the `FOLDER`; above")
	flags.StringVar(&f.images, "images", "", "compare over all photos in a `FOLDER`, or all images of a batch in a .npz file; above")
	flags.IntVar(&f.batch, "batch", 0, "with several images, how many are computed at a time (default: as many as 256 MB hold); results do not depend on it")
	flags.BoolVar(&f.initializers, "initializers", false, "compare first weights as draws of the distributions that the reference declares, and nothing else")
	flags.BoolVar(&f.structure, "structure", false, "compare the two networks as graphs, and nothing else: no weights or inputs are needed")
	return c
}

// preprocessHelp explains --preprocess.
func preprocessHelp() string {
	return "--preprocess is a list of words, done in this order but for rgb and bgr, which come before mean:\n\n" + strings.TrimRight(image.Usage(), "\n")
}

func addOverrides(c *cobra.Command, o *side.Overrides, prefix, whose string) {
	flags := c.Flags()
	flags.StringVar(&o.Weights, prefix+"weights", "", "weights `FILE` "+whose+", where it lies apart from the model")
	flags.BoolVar(&o.MovingAverages, prefix+"moving-averages", false, "take the moving averages in the TensorFlow checkpoint "+whose)
	flags.StringVar(&o.Inputs, prefix+"inputs", "", "inputs.npz `FILE` "+whose+"; recorded tensors beside the model are then not used")
	flags.StringVar(&o.Tensors, prefix+"tensors", "", "recorded tensors.npz `FILE` "+whose)
	flags.StringVar(&o.Image, prefix+"image", "", "`PHOTO` to make the input "+whose+" from (PNG or JPEG)")
	flags.StringVar(&o.Preprocess, prefix+"preprocess", "", "how a photo becomes the input, as in `bgr,mean=104:117:123` (the default); above")
}

func formatNames() string {
	var names []string
	for _, f := range reports.Formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// exactly is cobra.ExactArgs with the names of the arguments in its message.
func exactly(verb string, names ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != len(names) {
			return fmt.Errorf("%s takes %s, got %d argument(s); see 'parity %s --help'", verb, strings.Join(names, " and "), len(args), verb)
		}
		return nil
	}
}

func (f *compareFlags) run(ctx context.Context, refText, candText string, stdout io.Writer) error {
	format, err := f.out.chosen()
	if err != nil {
		return err
	}
	pairs, err := parseMap(f.maps)
	if err != nil {
		return err
	}
	opt := compare.Options{Map: pairs, Only: f.only, Profiles: format.Profiles, Threads: f.workers(), Environment: environment(f.workers())}
	result, err := f.reproducing(opt, func(opt compare.Options, from sourced) (*parity.Result, error) {
		return f.compare(ctx, refText, candText, opt, from)
	})
	if err != nil {
		return err
	}
	return f.out.write(format, result, stdout)
}

func (f *compareFlags) workers() int {
	if f.threads > 0 {
		return f.threads
	}
	return runtime.GOMAXPROCS(0)
}

func (f *compareFlags) compare(ctx context.Context, refText, candText string, opt compare.Options, from sourced) (*parity.Result, error) {
	if f.threads < 0 {
		return nil, fmt.Errorf("--threads %d: expected a positive number", f.threads)
	}
	if err := f.checkImages(); err != nil {
		return nil, err
	}
	if f.structure && (f.initializers || f.images != "") {
		return nil, errors.New("--structure excludes --initializers and --images: only the graphs are compared")
	}
	refSpec, err := side.Parse(refText)
	if err != nil {
		return nil, err
	}
	candSpec, err := side.Parse(candText)
	if err != nil {
		return nil, err
	}
	refParts, candParts := f.ref.Or(f.both), f.cand.Or(f.both)
	if f.structure {
		ref, cand, err := side.LoadStructures(refSpec, candSpec, refParts, candParts)
		if err != nil {
			return nil, err
		}
		return compare.Structures(ref, cand, opt)
	}
	if f.initializers {
		ref, cand, err := side.LoadGraphs(refSpec, candSpec, refParts, candParts)
		if err != nil {
			return nil, err
		}
		return compare.Initializers(ctx, ref, cand, opt)
	}
	if f.images != "" {
		images, err := f.openImages(ctx, refSpec, candSpec)
		if err != nil {
			return nil, err
		}
		from(images.Sources())
		return compareImages(ctx, images, opt, f.stderr)
	}
	pair, err := side.OpenPair(refSpec, candSpec, refParts, candParts)
	if err != nil {
		return nil, err
	}
	if err := f.checkProducers(pair); err != nil {
		return nil, err
	}
	from(pair.Sources())
	if images := pair.Images(f.imageOptions()); images != nil {
		return compareImages(ctx, images, opt, f.stderr)
	}
	ref, cand, err := pair.Finish(ctx, f.workers())
	if err != nil {
		return nil, err
	}
	return compare.Run(ctx, ref, cand, opt)
}

func parseMap(list []string) (map[string]string, error) {
	pairs := map[string]string{}
	for _, text := range list {
		ref, cand, ok := strings.Cut(text, "=")
		if !ok || ref == "" || cand == "" {
			return nil, fmt.Errorf("--map %q: expected REF=CAND", text)
		}
		if _, twice := pairs[ref]; twice {
			return nil, fmt.Errorf("--map %q: %q is mapped twice", text, ref)
		}
		pairs[ref] = cand
	}
	return pairs, nil
}

func environment(threads int) parity.Environment {
	return parity.Environment{
		Version: version(), CPU: runtime.GOARCH + " " + kernel.ISA(), Threads: threads, Go: runtime.Version(),
	}
}

// terminal returns the width to fit and whether to use colours: both only where a person looks on, the width also where
// COLUMNS asks for it.
func terminal(w io.Writer) (width int, color bool) {
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		width, _, _ = term.GetSize(int(file.Fd()))
		color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		width = columns
	}
	return width, color
}
