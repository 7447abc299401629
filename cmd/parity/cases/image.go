package cases

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
	"parity/importers/image/tfimage"
)

// isImages: pictures that TensorFlow and Pillow have decoded and changed, listed in index*.json.
func isImages(dir string) bool {
	list, err := readIndex[imageEntry](dir)
	return err == nil && len(list) > 0 && list[0].Op != "" && list[0].Expect != ""
}

// readIndex reads the lists of entries in a folder's index*.json.
func readIndex[E any](dir string) ([]E, error) {
	files, err := filepath.Glob(filepath.Join(dir, "index*.json"))
	if err != nil {
		return nil, err
	}
	var all []E
	for _, file := range files {
		var list []E
		if err := readJSON(file, &list); err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// imageEntry is one recorded operation on a picture.
type imageEntry struct {
	Op     string
	File   string // an encoded picture
	Input  string // or an array
	Expect string

	Channels, Ratio int
	DCT             string `json:"dct_method"`
	Fancy           *bool  `json:"fancy_upscaling"`
	DType           string

	Method    string
	Size      []int
	Corners   bool `json:"align_corners"`
	Centres   bool `json:"half_pixel_centers"`
	Antialias bool
	Aspect    bool   `json:"preserve_aspect_ratio"`
	Crop      []int  // of the input: top, left, height, width
	Scale     string // of the input: "x/255"
	Steps     string
	Fraction  float64
	Factor    float32
	Delta     float32
	Saturate  bool

	inputs string // the folder
	from   string // the type of the input array
}

// runImages compares every entry of the lists.
func runImages(_ context.Context, dir string, o Options) (*Result, error) {
	entries, err := readIndex[imageEntry](dir)
	if err != nil {
		return nil, err
	}
	return runEntries(dir, o, entries, func(e imageEntry) string { return e.Expect }, func(e imageEntry) (value, tensor.Any, error) {
		e.inputs = dir
		expect, err := readArray(filepath.Join(dir, e.Expect))
		if err != nil {
			return value{}, nil, err
		}
		v, err := e.run(expect)
		return v, expect, err
	})
}

// runEntries compares entries that are one tensor each, and names those that fail.
func runEntries[E any](dir string, o Options, entries []E, name func(E) string, run func(E) (value, tensor.Any, error)) (*Result, error) {
	check, dumped := &Check{}, &npz.Tensors{}
	var failed []string
	for _, e := range entries {
		v, expect, err := run(e)
		if err == nil {
			dumped.Set(strings.TrimSuffix(name(e), filepath.Ext(name(e))), tensor.As[float32](v.got))
			ratio, failure := v.ratio(expect)
			if err = failure; err == nil {
				check.add(ratio, name(e))
				if !ratio.Within() {
					failed = append(failed, name(e))
				}
			}
		}
		if err != nil {
			failed = append(failed, fmt.Sprintf("%s (%v)", name(e), err))
		}
	}
	r := &Result{Forward: check.orNil()}
	if err := writeDump(dumped, dir, o); err != nil {
		return r, err
	}
	if len(failed) > 0 {
		slices.Sort(failed)
		return r, fmt.Errorf("%d of %d entries differ: %s", len(failed), len(entries), strings.Join(failed, ", "))
	}
	return r, nil
}

func writeDump(t *npz.Tensors, dir string, o Options) error {
	if o.Dump == "" || t.Len() == 0 {
		return nil
	}
	to := filepath.Join(o.Dump, filepath.Base(filepath.Clean(dir)))
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	return npz.Write(filepath.Join(to, "outputs.npz"), t)
}

// readArray reads a .npy file, or the one array of an .npz file.
func readArray(file string) (tensor.Any, error) {
	if filepath.Ext(file) != ".npz" {
		return npz.ReadNpy(file)
	}
	t, err := npz.Read(file)
	if err != nil {
		return nil, err
	}
	if t.Len() != 1 {
		return nil, fmt.Errorf("%s: expected one array, found %d", file, t.Len())
	}
	a, _ := t.Get(t.Names()[0])
	return a, nil
}

// run computes the entry; the expected result tells the size of some.
func (e imageEntry) run(expect tensor.Any) (value, error) {
	op, known := imageOperations[e.Op]
	if !known {
		return value{}, fmt.Errorf("the operation %q is not known", e.Op)
	}
	var x tfimage.Picture
	if e.Input != "" {
		var err error
		if x, e.from, err = e.picture(); err != nil {
			return value{}, err
		}
	}
	return op(e, x, expect)
}

// picture reads the input and returns it with its type.
func (e imageEntry) picture() (tfimage.Picture, string, error) {
	file := filepath.Join(e.inputs, e.Input)
	infos, err := npz.List(file)
	if err != nil {
		return nil, "", err
	}
	a, err := npz.ReadNpy(file)
	if err != nil {
		return nil, "", err
	}
	x, kind := tensor.As[float32](a).Clone(), arrayTypes[infos[0].Dtype]
	if len(e.Crop) == 4 {
		if x, err = tfimage.Crop(x, e.Crop[0], e.Crop[1], e.Crop[2], e.Crop[3]); err != nil {
			return nil, "", err
		}
	}
	if e.Scale == "" {
		return x, kind, nil
	}
	if e.Scale != "x/255" {
		return nil, "", fmt.Errorf("the scale %q is not known", e.Scale)
	}
	for i := range x.Data {
		x.Data[i] /= 255
	}
	return x, "float32", nil
}

var arrayTypes = map[string]string{"|u1": "uint8", "<u2": "uint16", "<i2": "int16", "<f4": "float32"}

// same is a result that is to be met to the last bit.
func same(x tfimage.Picture, err error) (value, error) {
	if err != nil {
		return value{}, err
	}
	return value{got: tensor.As[float64](x)}, nil
}
