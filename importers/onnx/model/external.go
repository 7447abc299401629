package model

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"parity/importers/proto"
	"parity/importers/source"
)

// External says where in another file, beside the model, a tensor's elements lie.
type External struct {
	Location       string // relative to the model's folder
	Offset, Length int64
	used           bool // elements do lie there
	measured       bool // Length is stated
}

// locations are the names of data_location.
var locations = map[string]int{"DEFAULT": 0, "EXTERNAL": 1}

func (e *External) read(f proto.Field) error {
	if f.Name == "data_location" {
		v, err := f.Enum(locations)
		e.used = v == locations["EXTERNAL"]
		return err
	}
	var key, value string
	err := inside(f, entrySchema, func(f proto.Field) (err error) {
		if f.Name == "key" {
			key, err = f.String()
		} else {
			value, err = f.String()
		}
		return err
	})
	if err != nil {
		return err
	}
	return e.set(f, key, value)
}

func (e *External) set(f proto.Field, key, value string) error {
	if key == "location" {
		e.Location = value
	}
	if key != "offset" && key != "length" {
		return nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return f.Errorf("the %s of external data should be a number of bytes, found %q", key, value)
	}
	if key == "offset" {
		e.Offset = n
	} else {
		e.Length, e.measured = n, true
	}
	return nil
}

// external reads the tensor's bytes out of the file that they lie in, which must be in the model's folder or below it.
func (t *Tensor) external(size int) ([]byte, error) {
	e := t.External
	if e.measured && e.Length != int64(size) {
		return nil, t.Errorf("%v elements of shape %v take %d bytes, its external data have %d", t.DType, t.Shape, size, e.Length)
	}
	folder := filepath.Dir(t.File)
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, t.Errorf("its external data: %v", err)
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(e.Location))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, t.Errorf("expected its elements in %s, found no such file: put it beside the model", filepath.Join(folder, e.Location))
	case err != nil:
		return nil, t.Errorf("its elements lie in %q, which is no file in the model's folder: %v", e.Location, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, t.Errorf("expected its elements in %q, which is no file", e.Location)
	}
	if int64(size) > info.Size() || e.Offset > info.Size()-int64(size) {
		return nil, source.Errorf(f.Name(), source.Offset(int(e.Offset)), "expected the %d bytes of %q, found a file of %d bytes: it is cut short; copy it again",
			size, t.Name, info.Size())
	}
	data := make([]byte, size)
	if _, err := f.ReadAt(data, e.Offset); err != nil {
		return nil, t.Errorf("its external data: %v", err)
	}
	return data, nil
}

// DataFiles lists the files beside the model that tensors lie in.
func (m *Model) DataFiles() []string {
	found := map[string]bool{}
	for _, t := range m.Graph.Initializers {
		t.addFile(found)
	}
	for _, n := range m.Graph.Nodes {
		for _, a := range n.Attrs {
			if a.Tensor != nil {
				a.Tensor.addFile(found)
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (t *Tensor) addFile(found map[string]bool) {
	if t.External != nil && t.External.used {
		found[filepath.Join(filepath.Dir(t.File), filepath.FromSlash(t.External.Location))] = true
	}
}
