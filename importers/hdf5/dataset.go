package hdf5

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/scigolib/hdf5"

	"parity/googlenet/tensor"
	"parity/importers/source"
)

// Dataset is one array of a file.
type Dataset struct {
	File, Path string
	Kind       string // float, integer, string, ...
	Size       int    // of an element in bytes
	Shape      tensor.Shape

	library    *hdf5.Dataset
	contiguous bool
	available  int64 // bytes of the file
}

// description is how the library tells a dataset's type and shape, which it does in words only:
// "Dataset: float (size=4 bytes), 4D array [4 2 3 3], contiguous (...)", "2D array [4 x 20]" and "scalar".
var description = regexp.MustCompile(`^Dataset: (\S+) \(size=(\d+) bytes\), (?:scalar|\d+D array \[([0-9 x]*)\]), (\w+)`)

func (d *Dataset) describe() error {
	words, err := d.library.Info()
	if err != nil {
		return d.Errorf("%v", err)
	}
	m := description.FindStringSubmatch(words)
	if m == nil {
		return d.Errorf("expected an array of numbers, found %q", words)
	}
	d.Kind, d.contiguous = m[1], m[4] == "contiguous" || m[4] == "compact"
	if d.Size, err = strconv.Atoi(m[2]); err != nil {
		return d.Errorf("%v", err)
	}
	for _, extent := range strings.Fields(strings.ReplaceAll(m[3], "x", " ")) {
		n, err := strconv.Atoi(extent)
		if err != nil {
			return d.Errorf("%v", err)
		}
		d.Shape = append(d.Shape, n)
	}
	return nil
}

// Errorf returns an error at the dataset.
func (d *Dataset) Errorf(format string, args ...any) error {
	return source.Errorf(d.File, d.Path, format, args...)
}

// check refuses what the library would allocate memory for that the file cannot fill.
func (d *Dataset) check(kind string) error {
	n, ok := d.Shape.CheckedLen()
	switch {
	case d.Kind != kind:
		return d.Errorf("expected %s numbers, found %s", kind, d.Kind)
	case !d.contiguous:
		return d.Errorf("the dataset is stored in chunks, which are not read")
	case !ok || d.Size < 1 || int64(n) > d.available/int64(d.Size):
		return d.Errorf("the dataset claims shape %v, which the file of %d bytes cannot hold", d.Shape, d.available)
	}
	return nil
}

// Dtype names the type of the elements.
func (d *Dataset) Dtype() string {
	if d.Kind == "float" || d.Kind == "integer" {
		return map[string]string{"float": "float", "integer": "int"}[d.Kind] + strconv.Itoa(8*d.Size)
	}
	return d.Kind
}

// Floats reads an array of floating-point numbers, in float32 where these are stored.
func (d *Dataset) Floats() (tensor.Any, error) {
	if err := d.check("float"); err != nil {
		return nil, err
	}
	values, err := d.library.Read()
	if err == nil && len(values) != d.Shape.Len() {
		err = fmt.Errorf("%d numbers do not fill the shape %v", len(values), d.Shape)
	}
	if err != nil {
		return nil, d.Errorf("%v", err)
	}
	t := tensor.From(values, d.Shape...)
	if d.Size == 4 {
		return tensor.As[float32](t), nil
	}
	return t, nil
}

// Number reads a single integer that is not negative.
func (d *Dataset) Number() (int, error) {
	if err := d.check("integer"); err != nil {
		return 0, err
	}
	v, err := d.library.Read()
	if err == nil && (len(v) != 1 || v[0] < 0) {
		err = fmt.Errorf("expected one number, found %v", v)
	}
	if err != nil {
		return 0, d.Errorf("%v", err)
	}
	return int(v[0]), nil
}

// Text reads a single string.
func (d *Dataset) Text() (string, error) {
	if err := d.check("string"); err != nil {
		return "", err
	}
	v, err := d.library.ReadStrings()
	if err == nil && len(v) != 1 {
		err = fmt.Errorf("expected one string, found %d", len(v))
	}
	if err != nil {
		return "", d.Errorf("%v", err)
	}
	return v[0], nil
}
