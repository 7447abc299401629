package side

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parity/fixtures"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
	"parity/importers/dataset"
	"parity/parity"
)

// Photos lists, sorted, the photos in a folder that a flag names, and in the folders in it.
func Photos(flag, dir string) ([]string, error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s %s: expected a folder of photos", flag, dir)
	}
	photos, _, err := photosIn(flag, dir)
	return photos, err
}

// photosIn is dataset.Pictures of a folder that must have some.
func photosIn(flag, dir string) (photos, others []string, err error) {
	photos, others, err = dataset.Pictures(dir)
	if err == nil && len(photos) == 0 {
		err = fmt.Errorf("%s %s: the folder holds no photos (PNG, JPEG or .npy)", flag, dir)
	}
	return photos, others, err
}

// OpenPhotos reads both sides' models, each to be fed the photos of a folder in its own way. All photos are decoded once
// before anything is computed: one that cannot be used is an error that names it.
func OpenPhotos(ctx context.Context, refSpec, candSpec Spec, refParts, candParts Overrides, dir string, o ImageOptions) (*Images, error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("--images: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("--images %s: expected a folder of photos, or a .npz file with a batch of inputs", dir)
	}
	photos, others, err := photosIn("--images", dir)
	if err != nil {
		return nil, err
	}
	ref, cand, err := both(
		func() (*fedSide, error) { return openFed(refSpec, refParts, dir, photos, others) },
		func() (*fedSide, error) { return openFed(candSpec, candParts, dir, photos, others) },
	)
	if err != nil {
		return nil, err
	}
	list, err := checkPhotos(ctx, dir, photos, o.Threads, ref, cand)
	if err != nil {
		return nil, err
	}
	return newImages(ref, cand, list, o), nil
}

// openFed reads a side's model, to be fed photos.
func openFed(s Spec, o Overrides, dir string, photos, others []string) (*fedSide, error) {
	m, err := readModel(s, o)
	if err != nil {
		return nil, err
	}
	p, err := m.preparation("--images", o)
	if err != nil {
		return nil, err
	}
	m.prepared = fmt.Sprintf("each photo of %s %s", dir, p.how.String())
	if n := len(others); n > 3 {
		m.prepared += fmt.Sprintf(" (no photos: %s and %d more)", strings.Join(others[:3], ", "), n-3)
	} else if n > 0 {
		m.prepared += fmt.Sprintf(" (no photos: %s)", strings.Join(others, ", "))
	}
	return &fedSide{model: m, feed: func(i int) (map[string]tensor.Any, error) {
		file := filepath.Join(dir, photos[i])
		made, err := p.input(file)
		if err != nil {
			return nil, namedError(file, err)
		}
		return map[string]tensor.Any{p.name: made.Tensor}, nil
	}}, nil
}

// namedError puts the file before an error that does not name it.
func namedError(file string, err error) error {
	if strings.Contains(err.Error(), file) {
		return err
	}
	return fmt.Errorf("%s: %w", file, err)
}

// checkPhotos decodes and prepares every photo for both sides, and lists them with their digests.
func checkPhotos(ctx context.Context, dir string, photos []string, threads int, sides ...*fedSide) ([]parity.Image, error) {
	list, errs := make([]parity.Image, len(photos)), make([]error, len(photos))
	parallel.For(threads, len(photos), func(i int) {
		if errs[i] = ctx.Err(); errs[i] != nil {
			return
		}
		list[i].Name = filepath.ToSlash(photos[i])
		list[i].SHA256, errs[i] = fixtures.Hash(filepath.Join(dir, photos[i]))
		for _, s := range sides {
			if errs[i] == nil {
				_, errs[i] = s.feed(i)
			}
		}
	})
	return list, cmp.Or(errs...)
}
