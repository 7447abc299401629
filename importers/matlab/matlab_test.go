package matlab

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestReads reads what SciPy wrote, plain and compressed.
func TestReads(t *testing.T) {
	for _, name := range []string{"plain", "cars_annos"} {
		vars, err := Read(filepath.Join("testdata", name+".mat"))
		if err != nil {
			t.Fatal(err)
		}
		a := vars["annotations"]
		if want := []int{1, 5}; !reflect.DeepEqual(a.Shape, want) {
			t.Errorf("%s: shape %v, want %v", name, a.Shape, want)
		}
		path, err := a.Field("relative_im_path", 2)
		if err != nil || path.Text != "car_ims/000003.jpg" {
			t.Errorf("%s: got %+v, %v", name, path, err)
		}
		class, err := a.Field("class", 4)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := class.Whole(); n != 3 || err != nil {
			t.Errorf("%s: class %v, %v", name, n, err)
		}
		if got := vars["class_names"].Cells[2].Text; got != "Bugatti Veyron 16.4 Coupé 2009" {
			t.Errorf("%s: the third class is %q", name, got)
		}
		if _, err := a.Field("class", 5); err == nil {
			t.Errorf("%s: there is a sixth car", name)
		}
	}
	vars, err := Read("testdata/plain.mat")
	if err != nil || !reflect.DeepEqual(vars["list"].Numbers, []float64{0, 1, 2}) || vars["pi"].Numbers[0] != 3.25 || len(vars["empty"].Numbers) != 0 {
		t.Errorf("got %+v, %+v, %v", vars["list"], vars["pi"], err)
	}
}

func TestRefused(t *testing.T) {
	if _, err := Read("testdata/complex.mat"); err == nil || !strings.Contains(err.Error(), "complex numbers") {
		t.Errorf("got %v", err)
	}
	for text, want := range map[string]string{"": "less than its header", "MATLAB 7.3 MAT-file": "save it with -v7", strings.Repeat("x", 200): "no byte order"} {
		file := filepath.Join(t.TempDir(), "x.mat")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestDamage cuts a file everywhere and turns its bits: an error or other values, never a panic.
func TestDamage(t *testing.T) {
	data, err := os.ReadFile("testdata/plain.mat")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.mat")
	read := func(data []byte) error {
		r := &reader{file: file, data: data}
		err := r.header()
		for err == nil && r.at < len(r.data) {
			_, err = r.variable()
		}
		return err
	}
	if err := read(data); err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if err := read(data[:n]); err == nil && n%8 != 0 {
			t.Errorf("cut after %d bytes of %d, and nothing is said", n, len(data))
		}
	}
	for i := range data {
		for _, bit := range []byte{1, 0x10, 0x80} {
			damaged := append([]byte(nil), data...)
			damaged[i] ^= bit
			_ = read(damaged)
		}
	}
}
