package hdf5

import (
	"strconv"

	"parity/googlenet/tensor"
	"parity/importers/element"
	"parity/importers/source"
)

// Dataset is one array of a file.
type Dataset struct {
	File, Path string
	Kind       string // float, integer, string, ...
	Size       int    // of an element in bytes
	Shape      tensor.Shape

	kind   datatype
	stored properties
}

// Errorf returns an error at the dataset.
func (d *Dataset) Errorf(format string, args ...any) error {
	return source.Errorf(d.File, d.Path, format, args...)
}

// check refuses what the file cannot fill.
func (d *Dataset) check(kind string) error {
	n, ok := d.Shape.CheckedLen()
	most := len(d.stored.data)
	if d.stored.isChunked() {
		most *= maxRatio
	}
	switch {
	case d.Kind != kind:
		return d.Errorf("expected %s numbers, found %s", kind, d.Kind)
	case !ok || d.Size < 1 || n > most/d.Size:
		return d.Errorf("the dataset claims shape %v, which the file of %d bytes cannot hold", d.Shape, len(d.stored.data))
	}
	return nil
}

// Dtype names the type of the elements.
func (d *Dataset) Dtype() string {
	switch {
	case d.kind.numbers != "":
		return string(d.kind.numbers)
	case d.Kind == "float" || d.Kind == "integer":
		return d.Kind + strconv.Itoa(8*d.Size)
	}
	return d.Kind
}

// Floats reads an array of floating-point numbers, in float64 where these are stored and in float32 otherwise.
func (d *Dataset) Floats() (tensor.Any, error) {
	if err := d.check("float"); err != nil {
		return nil, err
	}
	return d.numbers()
}

func (d *Dataset) numbers() (tensor.Any, error) {
	if d.kind.numbers == "" {
		return nil, d.Errorf("expected little-endian numbers, found those of %d bytes of another kind", d.Size)
	}
	data, err := d.stored.elements()
	if err != nil {
		return nil, err
	}
	v, err := element.Decode(d.kind.numbers, d.Shape, data)
	if err != nil {
		return nil, d.Errorf("%v", err)
	}
	return v, nil
}

// Number reads a single integer that is not negative.
func (d *Dataset) Number() (int, error) {
	if err := d.check("integer"); err != nil {
		return 0, err
	}
	t, err := d.numbers()
	if err != nil {
		return 0, err
	}
	v := tensor.As[float64](t).Data
	if len(v) != 1 || v[0] < 0 {
		return 0, d.Errorf("expected one number, found %v", v)
	}
	return int(v[0]), nil
}

// Text reads a single string.
func (d *Dataset) Text() (string, error) {
	if err := d.check("string"); err != nil {
		return "", err
	}
	if n := d.Shape.Len(); n != 1 {
		return "", d.Errorf("expected one string, found %d", n)
	}
	data, err := d.stored.elements()
	if err != nil {
		return "", err
	}
	return d.stored.text(d.kind, data, d.stored.header)
}
