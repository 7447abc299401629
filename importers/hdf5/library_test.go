package hdf5

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/scigolib/hdf5"

	"parity/googlenet/tensor"
)

// Where the library can read a file, it finds the same arrays with the same numbers, and the same texts.
func TestLibraryAgrees(t *testing.T) {
	for _, path := range []string{small, "../../fixtures/caffe_cases/solver/init.caffemodel.h5"} {
		file, err := hdf5.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		want, texts := map[string][]float64{}, map[string]map[string]string{}
		file.Walk(func(path string, o hdf5.Object) {
			switch o := o.(type) {
			case *hdf5.Dataset:
				if want[path], err = o.Read(); err != nil {
					t.Fatal(err)
				}
			case *hdf5.Group:
				texts[strings.TrimSuffix(path, "/")] = textsOf(t, o)
			}
		})
		got, gotTexts := map[string][]float64{}, map[string]map[string]string{}
		err = Visit(path, Visitor{
			Group: func(path string, a map[string]string) error { gotTexts[path] = a; return nil },
			Dataset: func(d *Dataset) error {
				v, err := d.Floats()
				if err == nil {
					got[d.Path] = tensor.As[float64](v).Data
				}
				return err
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Errorf("%s: %d arrays, %s", path, len(want), diff)
		}
		if diff := cmp.Diff(texts, gotTexts); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func textsOf(t *testing.T, g *hdf5.Group) map[string]string {
	t.Helper()
	list, err := g.Attributes()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, a := range list {
		if v, err := a.ReadValue(); err == nil {
			if s, ok := v.(string); ok {
				texts[a.Name] = s
			}
		}
	}
	return texts
}
