package tfimage

import (
	"bytes"
	stdimage "image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"

	"parity/fixtures/npz"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

const recordings = "../../../fixtures/tensorflow_cases/images/"

func read(t *testing.T, file string) Picture {
	t.Helper()
	if strings.HasSuffix(file, ".npy") {
		a, err := npz.ReadNpy(recordings + file)
		if err != nil {
			t.Fatal(err)
		}
		return tensor.As[float32](a)
	}
	all, err := npz.Read(recordings + file)
	if err != nil {
		t.Fatal(err)
	}
	y, _ := all.Get("y")
	return tensor.As[float32](y)
}

func sameBits(t *testing.T, what string, got, want Picture) {
	t.Helper()
	if !got.Shape.Equal(want.Shape) {
		t.Errorf("%s: %v, want %v", what, got.Shape, want.Shape)
		return
	}
	for i, v := range want.Data {
		if math.Float32bits(got.Data[i]) != math.Float32bits(v) {
			t.Errorf("%s: %v at %v, want %v", what, got.Data[i], want.Shape.Index(i), v)
			return
		}
	}
}

// TestResizeIsTensorFlows holds resized pictures to the last bit against what TensorFlow made of the same pixels.
func TestResizeIsTensorFlows(t *testing.T) {
	source := read(t, "m_source.npy")
	named := map[string]Resizer{}
	for _, r := range Resizers() {
		named[r.Name] = r.Resizer
	}
	for file, name := range map[string]string{
		"m_resizebilinear_down_ac0_hp0.npz": "bilinear-legacy", "m_resizebilinear_down_ac1_hp0.npz": "bilinear-corners",
		"m_resizebilinear_down_ac0_hp1.npz": "bilinear", "m_resizenearestneighbor_down_ac0_hp0.npz": "nearest-legacy",
		"m_resizenearestneighbor_down_ac1_hp0.npz": "nearest-corners", "m_resizenearestneighbor_down_ac0_hp1.npz": "nearest",
		"m_resizebicubic_down_ac0_hp0.npz": "bicubic-legacy", "m_resizebicubic_down_ac1_hp0.npz": "bicubic-corners",
		"m_resizebicubic_down_ac0_hp1.npz": "bicubic", "m_resizearea_u8.npz": "area", "m_v2_bicubic_aa1_11x29.npz": "bicubic-antialias",
		"m_v2_gaussian_aa0_9x36.npz": "gaussian", "m_v2_mitchellcubic_aa1_21x28.npz": "mitchellcubic-antialias",
	} {
		want := read(t, file)
		got, err := named[name].Resize(source, want.Shape[0], want.Shape[1])
		if err != nil {
			t.Fatal(err)
		}
		sameBits(t, name, got, want)
	}
}

// TestNamesAreMethods: every name is what Method or Operation makes of its parts.
func TestNamesAreMethods(t *testing.T) {
	for _, r := range Resizers() {
		filter, kind, _ := strings.Cut(r.Name, "-")
		var want Resizer
		var err error
		switch kind {
		case "legacy":
			want, err = Operation(filter, layer.FromEdges)
		case "corners":
			want, err = Operation(filter, layer.FromCorners)
		default:
			want, err = Method(filter, kind == "antialias")
		}
		if from, to := [2]int{9, 7}, [2]int{4, 11}; err != nil || r.Resizer(from, to) != want(from, to) {
			t.Errorf("%s is another layer (%v)", r.Name, err)
		}
	}
	if _, err := Method("sharp", false); err == nil || !strings.Contains(err.Error(), `the filter "sharp" is none of nearest,`) {
		t.Errorf("got %v", err)
	}
	if _, err := Operation("lanczos3", layer.FromEdges); err == nil || !strings.Contains(err.Error(), `"lanczos3" is none of nearest,`) {
		t.Errorf("got %v", err)
	}
}

func TestColoursAreTensorFlows(t *testing.T) {
	piece, err := Crop(read(t, "m_source.npy"), 0, 0, 12, 9)
	if err != nil {
		t.Fatal(err)
	}
	x := each(piece, func(v float32) float32 { return v / 255 })
	for file, run := range map[string]func() (Picture, error){
		"m_brightness.npz": func() (Picture, error) { return Brighten(x, -0.125), nil },
		"m_contrast.npz":   func() (Picture, error) { return Contrast(x, 1.5), nil },
		"m_saturation.npz": func() (Picture, error) { return Saturate(x, 0.5) },
		"m_hue.npz":        func() (Picture, error) { return Turn(x, 0.2) },
		"m_flip.npz":       func() (Picture, error) { return Mirror(piece), nil },
	} {
		got, err := run()
		if err != nil {
			t.Fatal(err)
		}
		sameBits(t, file, got, read(t, file))
	}
}

// TestStandardize: minus the mean, divided by the deviation, which is at least 1/sqrt(n).
func TestStandardize(t *testing.T) {
	sameBits(t, "two", Standardize(tensor.From([]float32{1, 3}, 1, 2, 1)), tensor.From([]float32{-1, 1}, 1, 2, 1))
	sameBits(t, "nearly flat", Standardize(tensor.From([]float32{0, 0, 0.25, 0.25}, 2, 2, 1)), tensor.From([]float32{-0.25, -0.25, 0.25, 0.25}, 2, 2, 1))
}

func TestConvert(t *testing.T) {
	for _, tt := range []struct {
		from, to Type
		saturate bool
		in, want float32
	}{
		{Uint8, Float32, false, 51, float32(51) * float32(1.0/255)}, {Uint8, Uint16, false, 3, 768}, {Uint16, Uint8, false, 1023, 3},
		{Uint8, Int16, false, 255, 32640}, {Uint16, Int16, false, 65535, 32767}, {Float32, Uint8, false, 0.5, 127},
		{Float32, Uint8, true, 1.5, 255}, {Float32, Uint8, true, -1, 0}, {Float32, Int16, true, -2, -32768}, {Float32, Float32, false, 7, 7},
	} {
		got, err := Convert(tensor.From([]float32{tt.in}, 1), tt.from, tt.to, tt.saturate)
		if err != nil || got.Data[0] != tt.want {
			t.Errorf("%v from %s to %s: %v, %v, want %v", tt.in, tt.from, tt.to, got, err, tt.want)
		}
	}
	for want, in := range map[string]struct {
		v        float32
		from, to Type
	}{
		"1.5 at [0] is out of the range of uint8":         {1.5, Float32, Uint8},
		"NaN at [0] is out of the range of uint16":        {float32(math.NaN()), Float32, Uint16},
		`pictures of "bool" are not converted to "uint8"`: {1, "bool", Uint8},
	} {
		if _, err := Convert(tensor.From([]float32{in.v}, 1), in.from, in.to, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	x := tensor.New[float32](3, 4, 2)
	bilinear, err := Method("bilinear", false)
	if err != nil {
		t.Fatal(err)
	}
	for want, run := range map[string]func() error{
		"a piece of 2x2 at 2, 0 leaves the picture of 3x4":  func() error { _, err := Crop(x, 2, 0, 2, 2); return err },
		"the fraction 0 of a central crop":                  func() error { _, err := CentralCrop(x, 0); return err },
		"the fraction 1.5 of a central crop":                func() error { _, err := CentralCrop(x, 1.5); return err },
		"a picture cannot be made 0x4":                      func() error { _, err := CropOrPad(x, 0, 4); return err },
		"expected a picture of three colours, found 3x4x2":  func() error { _, err := Turn(x, 1); return err },
		"a map cannot be resized to 0x5":                    func() error { _, err := bilinear.Resize(x, 0, 5); return err },
		"a JPEG file is decoded to 1 or 3 channels":         func() error { _, err := DecodeJPEG(nil, JPEG{Channels: 4}); return err },
		"the ratio 3 is none of 1, 2, 4 and 8":              func() error { _, err := DecodeJPEG(nil, JPEG{Ratio: 3}); return err },
		"a PNG file is decoded to 1, 3 or 4 channels":       func() error { _, err := DecodePNG(nil, 2, 8); return err },
		"or 0 for its own, of 8 or 16 bits, not to 0 of 12": func() error { _, err := DecodePNG(nil, 0, 12); return err },
		"not a PNG file with pixels":                        func() error { _, err := DecodePNG([]byte("\x89PNG\r\n\x1a\n"), 0, 8); return err },
	} {
		if err := run(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestDecodePNG has libpng's conversions of one pixel, or two.
func TestDecodePNG(t *testing.T) {
	at := stdimage.Rect(0, 0, 1, 1)
	see := stdimage.NewNRGBA(at)
	see.SetNRGBA(0, 0, color.NRGBA{10, 200, 30, 128})
	deep := stdimage.NewRGBA64(at)
	deep.SetRGBA64(0, 0, color.RGBA64{0x1234, 0x5678, 0x9abc, 0xffff})
	two := stdimage.NewPaletted(at, color.Palette{color.RGBA{1, 2, 3, 255}, color.NRGBA{4, 5, 6, 77}})
	two.Pix[0] = 1
	plain := stdimage.NewPaletted(at, color.Palette{color.RGBA{9, 8, 7, 255}, color.RGBA{4, 5, 6, 255}})
	for _, tt := range []struct {
		what           string
		m              stdimage.Image
		channels, bits int
		want           []float32
	}{
		{"alpha", see, 0, 8, []float32{10, 200, 30, 128}}, {"alpha dropped", see, 3, 8, []float32{10, 200, 30}},
		{"alpha to grey", see, 1, 8, []float32{123}}, {"8 bits to 16", see, 4, 16, []float32{0xa0a, 0xc8c8, 0x1e1e, 0x8080}},
		{"16 bits", deep, 3, 16, []float32{0x1234, 0x5678, 0x9abc}}, {"16 bits to 8", deep, 4, 8, []float32{0x12, 0x56, 0x9a, 255}},
		{"16 bits to grey", deep, 1, 16, []float32{18904}}, {"palette with alpha", two, 0, 8, []float32{4, 5, 6, 77}},
		{"palette of one bit, alpha filled in", plain, 4, 8, []float32{9, 8, 7, 1}}, {"palette", plain, 0, 8, []float32{9, 8, 7}},
	} {
		var file bytes.Buffer
		if err := png.Encode(&file, tt.m); err != nil {
			t.Fatal(err)
		}
		got, err := DecodePNG(file.Bytes(), tt.channels, tt.bits)
		if err != nil || !slices.Equal(got.Data, tt.want) {
			t.Errorf("%s: %v, %v, want %v", tt.what, got, err, tt.want)
		}
		for n := range file.Len() - 12 {
			if _, err := DecodePNG(file.Bytes()[:n], tt.channels, tt.bits); err == nil {
				t.Errorf("%s: cut off at %d without an error", tt.what, n)
			}
		}
	}
}
