package pillow

import (
	"slices"
	"testing"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
)

const recordings = "../../../fixtures/tensorflow_cases/images/"

func array(t *testing.T, file string) Picture {
	t.Helper()
	all, err := npz.Read(recordings + file)
	if err != nil {
		t.Fatal(err)
	}
	y, _ := all.Get("y")
	return picture(y)
}

func picture(a tensor.Any) Picture {
	p := Picture{Height: a.Dims()[0], Width: a.Dims()[1], Channels: a.Dims()[2]}
	for _, v := range tensor.As[float32](a).Data {
		p.Pixels = append(p.Pixels, byte(v))
	}
	return p
}

// TestResizeIsPillows compares every filter with what Pillow made of the same pixels.
func TestResizeIsPillows(t *testing.T) {
	a, err := npz.ReadNpy(recordings + "source.npy")
	if err != nil {
		t.Fatal(err)
	}
	source := picture(a)
	for _, f := range Filters {
		want := array(t, "pil_"+f.Name+"_24x31.npz")
		got := source.Resize(want.Height, want.Width, f, WidthFirst)
		if got.Height != want.Height || got.Width != want.Width || !slices.Equal(got.Pixels, want.Pixels) {
			t.Errorf("%s: the pixels differ", f.Name)
		}
	}
}

// TestEnlarging has Pillow's bytes of four pixels in a row (0, 255, 10, 200), enlarged to seven, and of them as a column.
func TestEnlarging(t *testing.T) {
	pixels := []byte{0, 255, 10, 200}
	for name, want := range map[string][]byte{
		"nearest": {0, 0, 255, 255, 10, 200, 200}, "box": {0, 0, 255, 10, 10, 200, 200}, "bilinear": {0, 91, 237, 133, 24, 132, 200},
		"hamming": {0, 52, 253, 133, 11, 161, 200}, "bicubic": {0, 86, 251, 137, 11, 133, 215}, "lanczos": {0, 96, 251, 142, 9, 122, 230},
	} {
		f, ok := FilterByName(name)
		if !ok {
			t.Fatal(name)
		}
		if got := (Picture{1, 4, 1, pixels}).Resize(1, 7, f, WidthFirst); !slices.Equal(got.Pixels, want) {
			t.Errorf("%s: %v, want %v", name, got.Pixels, want)
		}
		if got := (Picture{4, 1, 1, pixels}).Resize(7, 1, f, WidthFirst); !slices.Equal(got.Pixels, want) {
			t.Errorf("%s of a column: %v, want %v", name, got.Pixels, want)
		}
	}
	if _, ok := FilterByName("sharp"); ok {
		t.Error("there is a filter called sharp")
	}
}

// TestSameSize leaves a picture as it is.
func TestSameSize(t *testing.T) {
	p := Picture{2, 1, 3, []byte{1, 2, 3, 4, 5, 6}}
	for _, f := range Filters {
		if got := p.Resize(2, 1, f, HeightIfMuchLess); !slices.Equal(got.Pixels, p.Pixels) {
			t.Errorf("%s: %v", f.Name, got.Pixels)
		}
	}
}

// TestOrders has the bytes of Pillow 13 where the height shrinks by more than twice as much as the width, and not.
func TestOrders(t *testing.T) {
	p := Picture{6, 4, 1, []byte{255, 77, 0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 130, 0, 255, 255, 0, 0, 0, 0, 255, 255}}
	bicubic, _ := FilterByName("bicubic")
	for _, tt := range []struct {
		height, width int
		order         Order
		want          []byte
	}{
		{2, 3, HeightIfMuchLess, []byte{104, 106, 87, 137, 96, 80}},
		{2, 3, WidthFirst, []byte{104, 103, 89, 136, 97, 82}},
		{4, 3, HeightIfMuchLess, []byte{164, 121, 100, 21, 94, 98, 207, 70, 5, 93, 132, 165}},
		{4, 3, WidthFirst, []byte{164, 121, 100, 21, 94, 98, 207, 70, 5, 93, 132, 165}},
		{2, 5, HeightIfMuchLess, []byte{101, 110, 107, 94, 83, 157, 106, 96, 97, 68}},
		{2, 5, WidthFirst, []byte{101, 109, 101, 96, 84, 154, 104, 96, 99, 70}},
	} {
		if got := p.Resize(tt.height, tt.width, bicubic, tt.order); !slices.Equal(got.Pixels, tt.want) {
			t.Errorf("%dx%d in order %d: %v, want %v", tt.height, tt.width, tt.order, got.Pixels, tt.want)
		}
	}
}
