package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"parity/cmd/parity/side"
	"parity/parity"
	"parity/parity/compare"
)

const imagesHelp = `With --images DIR both sides are computed here for every photo in the folder and the folders in it, each fed through its own
--ref.preprocess and --cand.preprocess: a photo leaves channels silent where a fault hides. With --images FILE.npz, or where both sides
are computed and inputs.npz holds several images, it is these. A row has the worst of the images' verdicts and differences; "worst
image" names the one of the difference on its own inputs, "wrong in" counts the images where the layer is introduced. A finding names
the image that proves it. Images are judged one at a time and computed --batch at a time, by default as many as
256 MB hold the tensors of; the result does not depend on that.`

// checkImages refuses flags that name other inputs.
func (f *compareFlags) checkImages() error {
	if f.batch < 0 {
		return fmt.Errorf("--batch %d: expected a positive number", f.batch)
	}
	if f.images == "" {
		return nil
	}
	if f.initializers {
		return errors.New("--images and --initializers exclude each other: first weights are compared without inputs")
	}
	for _, o := range []struct {
		prefix string
		side.Overrides
	}{{"", f.both}, {"ref.", f.ref}, {"cand.", f.cand}} {
		for _, part := range []struct{ name, value string }{{"image", o.Image}, {"tensors", o.Tensors}, {"inputs", o.Inputs}, {"producer", o.Producer}} {
			if own := o.prefix == "cand." && part.name == "inputs" && f.isBatch(); part.value != "" && !own {
				return fmt.Errorf("--images and --%s%s exclude each other: both sides are fed the images and computed here", o.prefix, part.name)
			}
		}
	}
	return nil
}

// isBatch reports whether --images names a file and not a folder.
func (f *compareFlags) isBatch() bool { return strings.HasSuffix(strings.ToLower(f.images), ".npz") }

// openImages reads both sides for the images that were named.
func (f *compareFlags) openImages(ctx context.Context, ref, cand side.Spec) (*side.Images, error) {
	if f.isBatch() {
		return side.OpenBatch(ref, cand, f.ref.Or(f.both), f.cand.Or(f.both), f.images, f.imageOptions())
	}
	return side.OpenPhotos(ctx, ref, cand, f.ref.Or(f.both), f.cand.Or(f.both), f.images, f.imageOptions())
}

func (f *compareFlags) imageOptions() side.ImageOptions {
	return side.ImageOptions{Threads: f.workers(), Batch: f.batch}
}

// compareImages shows on a terminal which image it is at.
func compareImages(ctx context.Context, images *side.Images, opt compare.Options, stderr io.Writer) (*parity.Result, error) {
	ref, cand, list, err := images.Sides()
	if err != nil {
		return nil, err
	}
	p := newProgress(stderr, len(list.List))
	defer p.clear()
	list.Begin = func(i int) { p.at(i, list.List[i].Name) }
	return compare.RunImages(ctx, ref, cand, list, opt)
}
