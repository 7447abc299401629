package hdf5

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/scigolib/hdf5"

	"parity/googlenet/tensor"
	"parity/importers/element"
	"parity/importers/source"
)

// Dataset is one array of a file. Floats may be called when the visit is over; what else there is, during the visit only.
type Dataset struct {
	File, Path string
	Kind       string // float, integer, string, ...
	Size       int    // of an element in bytes
	Shape      tensor.Shape

	library *hdf5.Dataset
	contents
	chunked bool
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
	d.Kind, d.chunked = m[1], m[4] == "chunked"
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
	case d.chunked && kind != "float":
		return d.Errorf("%s values are stored in chunks, which are not read", kind)
	case !ok || d.Size < 1 || n > d.most()/d.Size:
		return d.Errorf("the dataset claims shape %v, which the file of %d bytes cannot hold", d.Shape, len(d.data))
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

// most is how many bytes the file can hold for the dataset.
func (d *Dataset) most() int {
	if d.chunked {
		return maxRatio * len(d.data)
	}
	return len(d.data)
}

// Floats reads an array of floating-point numbers, in float64 where these are stored and in float32 otherwise.
func (d *Dataset) Floats() (tensor.Any, error) {
	if err := d.check("float"); err != nil {
		return nil, err
	}
	p, kind, err := d.properties()
	if err != nil {
		return nil, err
	}
	data, err := p.elements()
	if err != nil {
		return nil, err
	}
	v, err := element.Decode(kind, d.Shape, data)
	if err != nil {
		return nil, d.Errorf("%v", err)
	}
	return v, nil
}

// properties reads how the elements are stored.
func (d *Dataset) properties() (*properties, element.Type, error) {
	p := &properties{contents: d.contents, header: d.library.Address(), shape: d.Shape, size: d.Size}
	list, err := p.messages(p.header)
	if err != nil {
		return nil, "", err
	}
	var kind element.Type
	for _, m := range list {
		switch m.kind {
		case datatypeMessage:
			kind = floatType(m)
		case layoutMessage:
			p.layout = m
		case filtersMessage:
			if p.filters, err = p.parseFilters(m); err != nil {
				return nil, "", err
			}
		}
	}
	if kind.Size() != d.Size {
		return nil, "", d.Errorf("expected little-endian float16, bfloat16, float32 or float64, found floating-point numbers of %d bytes of another kind", d.Size)
	}
	return p, kind, nil
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
