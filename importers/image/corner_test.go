package image

import (
	"slices"
	"testing"

	"parity/googlenet/tensor"
)

// counted is a photo whose every byte says where it is.
func counted(height, width int) *Photo {
	p := &Photo{File: "counted", Height: height, Width: width}
	for i := range 3 * height * width {
		p.Pixels = append(p.Pixels, byte(i))
	}
	return p
}

// TestCorner crops and mirrors a photo, and crops the mean image where the photo is cropped.
func TestCorner(t *testing.T) {
	p := mustParse(t, "rgb,crop=2x3,mean_file=m.npy")
	p.MeanImage = tensor.New[float32](3, 5, 6)
	for i := range p.MeanImage.Data {
		p.MeanImage.Data[i] = float32(i) / 256
	}
	var over Size
	p.Corner = func(o Size) (int, int) { over = o; return 3, 1 }
	for _, mirrored := range []bool{false, true} {
		p.Mirror = mirrored
		in, err := p.Input(counted(5, 6), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		var want []float32
		for c := range 3 {
			for y := 3; y < 5; y++ {
				var row []float32
				for x := 1; x < 4; x++ {
					row = append(row, float32((y*6+x)*3+c)-float32((c*5+y)*6+x)/256)
				}
				if mirrored {
					slices.Reverse(row)
				}
				want = append(want, row...)
			}
		}
		if over != (Size{3, 3}) || !slices.Equal(in.Tensor.Data, want) {
			t.Errorf("mirrored %v, over %v: got %v, want %v", mirrored, over, in.Tensor.Data, want)
		}
	}
}

// TestResized: what comes before the crop may be done ahead, for every filter and step, and changes nothing.
func TestResized(t *testing.T) {
	for _, text := range []string{
		"bgr,resize=7x9,filter=pil-lanczos,crop=4x4", "rgb,shorter=6,filter=pil-bilinear", "rgb,resize=8x8", "rgb", "rgb,resize=7x7,filter=bilinear",
		"rgb,unit,central=0.5,resize=4x4,filter=bilinear-legacy", "rgb,central=0.5,resize=6x6",
	} {
		p, photo := mustParse(t, text), counted(11, 13)
		want, err := p.Input(photo, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		resized, err := p.Resized(photo)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Input(resized, 0, 0)
		if err != nil || !slices.Equal(got.Tensor.Data, want.Tensor.Data) {
			t.Errorf("%s: differs, %v", text, err)
		}
	}
}
