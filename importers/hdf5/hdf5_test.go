package hdf5

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
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
	for _, file := range []string{small, "testdata/chunks.h5", "testdata/levels.h5", "testdata/dense.h5"} {
		damage(t, read(t, file))
	}
}

func damage(t *testing.T, data []byte) {
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
	for _, signature := range []string{"HEAP", "GCOL"} {
		at := bytes.Index(data, []byte(signature))
		if at < 0 {
			continue
		}
		for offset := 8; offset < 40; offset += 8 {
			for _, claim := range []uint64{0, 1, 1 << 32, 1<<64 - 16, 1<<64 - 1} {
				broken := bytes.Clone(data)
				binary.LittleEndian.PutUint64(broken[at+offset:], claim)
				try(signature, broken)
			}
		}
	}
}

// Arrays in one piece and in chunks, with the filters that people use; testdata/make.py counts the elements.
func TestFloats(t *testing.T) {
	refused := map[string]string{
		"missing": "expected 2 chunks", "unwritten": "nothing was written", "lzf": "filter 32000 (lzf), which is not read", "big": "expected little-endian",
	}
	step := map[string]float64{"odd": 1, "skipped": 1, "tree": 1}
	seen := 0
	err := Visit("testdata/chunks.h5", Visitor{Dataset: func(d *Dataset) error {
		seen++
		v, err := d.Floats()
		if want := refused[d.Path[1:]]; want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %q", d.Path, err, want)
			}
			return nil
		}
		if err != nil {
			t.Errorf("%s: %v", d.Path, err)
			return nil
		}
		if _, double := v.(*tensor.Tensor[float64]); double != (d.Path == "/double") || !v.Dims().Equal(d.Shape) {
			t.Errorf("%s: got a %T of %v", d.Path, v, v.Dims())
		}
		scale := step[d.Path[1:]]
		if scale == 0 {
			scale = 0.125
		}
		for i, x := range tensor.As[float64](v).Data {
			if x != float64(i)*scale {
				t.Errorf("%s: element %d is %v", d.Path, i, x)
				break
			}
		}
		return nil
	}})
	if err != nil || seen != 14 {
		t.Errorf("%d arrays, %v", seen, err)
	}
}

// The index of the root group has three levels.
func TestManyMembers(t *testing.T) {
	got := map[string]int{}
	names, texts := map[string]string{}, map[string]string{}
	err := Visit("testdata/levels.h5", Visitor{
		Group: func(path string, a map[string]string) error { names[path] = a["name"]; return nil },
		Dataset: func(d *Dataset) (err error) {
			if got[d.Path] = d.Shape.Len(); d.Kind == "string" {
				texts[d.Path], err = d.Text()
			}
			return err
		},
	})
	if want := map[string]string{"/z text": "open", "/z text 2": "fixed"}; !maps.Equal(texts, want) {
		t.Errorf("got the texts %q", texts)
	}
	if err != nil || len(got) != 15 || got["/utf/größe"] != 3 || got["/utf/第二/x"] != 2 {
		t.Fatalf("%d arrays, %v", len(got), err)
	}
	for k := range 11 {
		if path := fmt.Sprintf("/layer_%d/inner", k); got[path+"/w"] != k+1 || names[path] != fmt.Sprintf("n%d", k) {
			t.Errorf("%s: %d elements, name %q", path, got[path+"/w"], names[path])
		}
	}
}

// A bit flipped in an array that has a checksum is found.
func TestChecksum(t *testing.T) {
	data := read(t, "testdata/chunks.h5")
	stored := []byte{0, 0, 0, 0x3c, 0, 0x40, 0, 0x42} // 0, 1, 2, 3 of float16
	at := bytes.Index(data, stored)
	if at < 0 {
		t.Fatal("no such chunk")
	}
	data[at+3] ^= 1
	err := VisitBytes("x.h5", data, Visitor{Dataset: func(d *Dataset) error {
		if d.Path != "/odd" {
			return nil
		}
		_, err := d.Floats()
		return err
	}})
	if err == nil || !strings.Contains(err.Error(), "it is damaged") {
		t.Errorf("got %v", err)
	}
}

func TestNotRead(t *testing.T) {
	if err := Visit("testdata/dense.h5", everything); err == nil || !strings.Contains(err.Error(), "rename that layer") {
		t.Errorf("got %v", err)
	}
}
