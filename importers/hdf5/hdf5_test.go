package hdf5

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

const small = "../../fixtures/formats/keras2/small.h5"

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestVisit(t *testing.T) {
	attributes, shapes := map[string]map[string]string{}, map[string]tensor.Shape{}
	err := Visit(small, Visitor{
		Group: func(path string, a map[string]string) error {
			attributes[path] = a
			return nil
		},
		Dataset: func(d *Dataset) error {
			shapes[d.Path] = d.Shape
			v, err := d.Floats()
			if err == nil && !v.Dims().Equal(d.Shape) {
				t.Errorf("%s: read %v", d.Path, v.Dims())
			}
			return err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := attributes[""]["model_config"]; len(got) != 10952 || !strings.HasPrefix(got, `{"class_name": "Functional"`) {
		t.Errorf("the root has a model_config of %d bytes", len(got))
	}
	if got := attributes["/model_weights"]["backend"]; got != "tensorflow" {
		t.Errorf("got the backend %q", got)
	}
	if got := shapes["/model_weights/b2/b2/depthwise_kernel:0"]; !got.Equal(tensor.Shape{3, 3, 12, 1}) {
		t.Errorf("got the shape %v", got)
	}
}

func TestVisitBytes(t *testing.T) {
	n := 0
	err := VisitBytes("a.zip:b.h5", read(t, small), Visitor{Dataset: func(*Dataset) error { n++; return nil }})
	if err != nil || n != 24 {
		t.Errorf("found %d datasets, %v", n, err)
	}
	if err := VisitBytes("a.zip:b.h5", []byte("PK"), Visitor{}); err == nil || !strings.HasPrefix(err.Error(), "a.zip:b.h5: expected an HDF5 file") {
		t.Errorf("got %v", err)
	}
}

// everything reads all that there is.
var everything = Visitor{
	Group: func(string, map[string]string) error { return nil },
	Dataset: func(d *Dataset) error {
		_, _ = d.Floats()
		_, _ = d.Number()
		_, _ = d.Text()
		return nil
	},
}

// Bits flipped, the end cut off, heaps that claim gigabytes: an error or other numbers, never a panic, an endless loop or
// much memory.
func TestDamage(t *testing.T) {
	data := read(t, small)
	path := filepath.Join(t.TempDir(), "x.h5")
	try := func(what string, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_ = Visit(path, everything)
		if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 64<<20 {
			t.Errorf("%s: allocated %d bytes", what, after.TotalAlloc-before.TotalAlloc)
		}
	}
	for n := 0; n < len(data); n += 1009 {
		try("cut off", data[:n])
	}
	for i := 0; i < len(data)*8; i += 1471 {
		broken := bytes.Clone(data)
		broken[i/8] ^= 1 << (i % 8)
		try("bit flipped", broken)
	}
	for _, signature := range []string{localHeap, globalHeap} {
		at := bytes.Index(data, []byte(signature))
		for offset := 8; offset < 40; offset += 8 {
			for _, claim := range []uint64{0, 1, 1 << 32, 1<<64 - 16, 1<<64 - 1} {
				broken := bytes.Clone(data)
				binary.LittleEndian.PutUint64(broken[at+offset:], claim)
				try(signature, broken)
			}
		}
	}
}
