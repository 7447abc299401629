package image

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
)

const bundle = "../../fixtures/bvlc_googlenet/"

// TestPhotoGivesTheRecordedInputs: Caffe's and TensorFlow's recorded inputs come from this photo, bit for bit.
func TestPhotoGivesTheRecordedInputs(t *testing.T) {
	photo, err := Load(bundle + "photo.png")
	if err != nil {
		t.Fatal(err)
	}
	in, err := mustParse(t, "bgr,mean=104:117:123").Input(photo, 224, 224)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file, name string
		got        *tensor.Tensor[float32]
	}{
		{"caffe/inputs.npz", "data", in.Tensor},
		{"tf/inputs.npz", "input", tensor.Permute(in.Tensor, 0, 2, 3, 1)},
	} {
		recorded, err := npz.Read(bundle+tt.file, tt.name)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := recorded.Get(tt.name)
		want := v.(*tensor.Tensor[float32])
		if !tt.got.Shape.Equal(want.Shape) || !slices.EqualFunc(tt.got.Data, want.Data, sameBits) {
			t.Errorf("%s: the input made from the photo differs", tt.file)
		}
	}
	if want := bundle + "photo.png of 224x224, BGR, minus 104:117:123"; in.String() != want {
		t.Errorf("described as %q, want %q", in, want)
	}
}

func sameBits(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }

func mustParse(t *testing.T, text string) Preprocess {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestResizeIsOpenCVs compares with what OpenCV 5.0.0 made of the same pixels with INTER_LINEAR.
func TestResizeIsOpenCVs(t *testing.T) {
	for _, tt := range []struct{ from, to string }{
		{bundle + "photo.png", "testdata/opencv_61x96.png"},
		{bundle + "photo.png", "testdata/opencv_1x5.png"},
		{"testdata/small_5x7.png", "testdata/small_opencv_13x11.png"},
	} {
		from, err := Load(tt.from)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Load(tt.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := from.Resize(want.Height, want.Width); !slices.Equal(got.Pixels, want.Pixels) {
			t.Errorf("%s: the pixels differ", tt.to)
		}
	}
}

// ramp is a photo whose red tells the column, green the row and blue is 200.
func ramp(height, width int) *Photo {
	p := &Photo{File: "ramp.png", Height: height, Width: width}
	for y := range height {
		for x := range width {
			p.Pixels = append(p.Pixels, byte(x), byte(y), 200)
		}
	}
	return p
}

func TestInput(t *testing.T) {
	tests := []struct {
		text          string
		height, width int
		shape         string
		first, last   [3]float32 // the channels of the corner pixels
		done          string
	}{
		{"none", 0, 0, "1x3x7x10", [3]float32{0, 0, 200}, [3]float32{9, 6, 200}, "ramp.png of 7x10, RGB"},
		{"bgr", 7, 10, "1x3x7x10", [3]float32{200, 0, 0}, [3]float32{200, 6, 9}, "ramp.png of 7x10, BGR"},
		{"crop=4x5", 4, 5, "1x3x4x5", [3]float32{2, 1, 200}, [3]float32{6, 4, 200}, "ramp.png of 7x10, central 4x5, RGB"},
		{"caffe", 7, 10, "1x3x7x10", [3]float32{96, -117, -123}, [3]float32{96, -111, -114}, "ramp.png of 7x10, BGR, minus 104:117:123"},
		{"mean=1:2:3,scale=0.5", 7, 10, "1x3x7x10", [3]float32{-0.5, -1, 98.5}, [3]float32{4, 2, 98.5}, "ramp.png of 7x10, RGB, minus 1:2:3, times 0.5"},
		{"scale=1/4,std=1:2:0.5,mean=8", 7, 10, "1x3x7x10", [3]float32{-2, -1, 96}, [3]float32{0.25, -0.25, 96}, "ramp.png of 7x10, RGB, minus 8, times 0.25, divided by 1:2:0.5"},
		{"none", 14, 10, "1x3x14x10", [3]float32{0, 0, 200}, [3]float32{9, 6, 200}, "ramp.png of 7x10, resized to 14x10 (opencv), RGB"},
		{"resize=14x20,crop=3x4", 3, 4, "1x3x3x4", [3]float32{4, 2, 200}, [3]float32{5, 3, 200}, "ramp.png of 7x10, resized to 14x20 (opencv), central 3x4, RGB"},
		{"shorter=14,crop=3x4", 3, 4, "1x3x3x4", [3]float32{4, 2, 200}, [3]float32{5, 3, 200}, "ramp.png of 7x10, resized to 14x20 (opencv), central 3x4, RGB"},
		{"resize=14x20,filter=pil-nearest", 14, 20, "1x3x14x20", [3]float32{0, 0, 200}, [3]float32{9, 6, 200}, "ramp.png of 7x10, resized to 14x20 (pil-nearest), RGB"},
		{"resize=14x20,filter=bilinear-legacy,bgr", 14, 20, "1x3x14x20", [3]float32{200, 0, 0}, [3]float32{200, 6, 9}, "ramp.png of 7x10, resized to 14x20 (bilinear-legacy), BGR"},
		{"filter=bicubic-corners", 3, 4, "1x3x3x4", [3]float32{0, 0, 200}, [3]float32{9, 6, 200}, "ramp.png of 7x10, resized to 3x4 (bicubic-corners), RGB"},
		{"central=0.5,crop=2x2", 2, 2, "1x3x2x2", [3]float32{4, 2, 200}, [3]float32{5, 3, 200}, "ramp.png of 7x10, the central 0.5 of 7x10, central 2x2, RGB"},
		{"crop=6x10", 3, 5, "1x3x3x5", [3]float32{1, 1, 200}, [3]float32{9, 5, 200}, "ramp.png of 7x10, central 6x10, resized to 3x5 (opencv), RGB"},
	}
	for _, tt := range tests {
		in, err := mustParse(t, tt.text).Input(ramp(7, 10), tt.height, tt.width)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		n := len(in.Tensor.Data) / 3
		var first, last [3]float32
		for c := range 3 {
			first[c], last[c] = in.Tensor.Data[c*n], in.Tensor.Data[(c+1)*n-1]
		}
		if in.Tensor.Shape.String() != tt.shape || first != tt.first || last != tt.last {
			t.Errorf("%s: %v from %v to %v, want %v from %v to %v", tt.text, in.Tensor.Shape, first, last, tt.shape, tt.first, tt.last)
		}
		if in.String() != tt.done {
			t.Errorf("%s: described as %q, want %q", tt.text, in, tt.done)
		}
	}
}

// TestInceptionReachesBothEnds: 0 and 255 become exactly -1 and 1.
func TestInceptionReachesBothEnds(t *testing.T) {
	p := &Photo{Height: 1, Width: 1, Pixels: []byte{0, 255, 51}}
	in, err := mustParse(t, "inception").Input(p, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if d := in.Tensor.Data; d[0] != -1 || d[1] != 1 || !(math.Abs(float64(d[2])+0.6) < 1e-7) {
		t.Errorf("got %v, want -1, 1, -0.6", d)
	}
}

func TestSizesThatDoNotFit(t *testing.T) {
	for text, want := range map[string]string{
		"crop=8x3":                    "ramp.png: cannot crop 8x3 from 7x10; add resize=HxW",
		"resize=9x11":                 "ramp.png: rgb,resize=9x11 leaves 9x11, but the network takes 4x5; change resize, or add crop=4x5",
		"resize=9x11,crop=4x6,mean=1": "leaves 4x6, but the network takes 4x5",
		"unit":                        "ramp.png: the filter opencv works on bytes, after unit there are none; name a filter of TensorFlow's, such as bilinear, or write scale=1/255 for unit",
		"unit,filter=pil-box":         "the filter pil-box works on bytes",
	} {
		_, err := mustParse(t, text).Input(ramp(7, 10), 4, 5)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                      `preprocess "": unknown word ""; expected rgb, bgr, unit, central=f, resize=HxW, shorter=n, filter=NAME, crop=HxW, standardise, mean=a:b:c, scale=s, std=a:b:c, mean_file=PATH, dct=fast, upsampling=plain, caffe, inception, inception-eval, vgg-eval, none`,
		"bgr,maen=1":            `unknown word "maen"; expected rgb,`,
		"caffe=2":               `unknown word "caffe"`,
		"mean=1:2":              "mean: expected one number or three, a channel each, found 2",
		"mean=1:2:3:4":          "found 4",
		"mean":                  `expected mean=a:b:c, found "mean"`,
		"rgb=1":                 `expected rgb, found "rgb=1"`,
		"mean=1:x:3":            `mean: expected a finite number, found "x"`,
		"mean=nan":              `found "nan"`,
		"scale=inf":             `found "inf"`,
		"scale=1/0":             `found "1/0"`,
		"scale=0/0":             `found "0/0"`,
		"scale=1e300":           `found "1e300"`,
		"scale=0":               "scale: expected a number other than zero",
		"scale=1e-60":           "expected a number other than zero",
		"std=1:0:1":             "std: expected positive numbers",
		"std=-1":                "std: expected positive numbers",
		"resize=224":            `resize: expected HxW, height and width in pixels as in 224x224, found "224"`,
		"crop=0x5":              "crop: expected HxW",
		"crop=5x5x5":            "crop: expected HxW",
		"resize=99999x99999":    "resize: expected HxW",
		"rgb,bgr":               "the channel order is given twice",
		"mean=1,mean_file=m":    "mean is given twice",
		"mean_file=":            "mean_file: expected the path of a mean image",
		"dct=slow":              `dct: expected accurate or fast, found "slow"`,
		"upsampling=linear":     `upsampling: expected fancy or plain, found "linear"`,
		"caffe,mean=1":          "mean is given twice",
		"central=0":             "central: expected the fraction of either side to keep",
		"central=1.5":           "central: expected the fraction of either side to keep",
		"shorter=0":             `shorter: expected the shorter side in pixels, found "0"`,
		"shorter=99999":         "shorter: expected the shorter side in pixels",
		"shorter=5,resize=5x6":  "resize is given twice",
		"filter=sharp":          "filter: expected one of opencv, pil-nearest, ",
		"unit=1":                `expected unit, found "unit=1"`,
		"standardise,std=2":     "standardise takes the place of mean, scale and std",
		"inception,standardise": "standardise takes the place of mean, scale and std",
		"mean=1,caffe":          "caffe stands for bgr,mean=104:117:123: mean is given twice",
	} {
		_, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestStringIsParsedAgain(t *testing.T) {
	for text, want := range map[string]string{
		"caffe":                           "bgr,mean=104:117:123",
		"none":                            "rgb",
		"inception":                       "rgb,mean=127.5,scale=0.00784313725490196",
		"std=1:2:3, crop=3x4, resize=5x6": "rgb,resize=5x6,crop=3x4,std=1:2:3",
		"upsampling=plain,dct=fast":       "rgb,dct=fast,upsampling=plain",
		"dct=accurate,upsampling=fancy":   "rgb",
		"mean_file=a/b.npy,bgr,scale=2":   "bgr,mean_file=a/b.npy,scale=2",
		"inception-eval":                  "rgb,unit,central=0.875,filter=bilinear-legacy,mean=0.5,scale=2",
		"vgg-eval":                        "rgb,shorter=256,filter=bilinear-legacy,crop=224x224,mean=123.68:116.78:103.94",
		"standardise,resize=5x6":          "rgb,resize=5x6,standardise",
	} {
		p := mustParse(t, text)
		again := mustParse(t, p.String())
		p.set, again.set = nil, nil
		if p.String() != want || fmt.Sprint(p) != fmt.Sprint(again) || p.Scale != again.Scale {
			t.Errorf("%q is written as %q, want %q", text, p, want)
		}
	}
}

// TestMeanImage: the mean image is as large as the photo before the crop, and is cropped with it.
func TestMeanImage(t *testing.T) {
	p := mustParse(t, "mean_file=m.npy,crop=3x4,scale=2")
	p.MeanImage = tensor.New[float32](1, 3, 7, 10)
	for i := range p.MeanImage.Data {
		p.MeanImage.Data[i] = float32(i)
	}
	in, err := p.Input(ramp(7, 10), 3, 4)
	if err != nil {
		t.Fatal(err)
	}
	// The crop begins at row 2 and column 3; green there is 2, and its mean 70 + 23.
	if got, want := in.Tensor.Data[12], float32(2*(2-93)); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if want := "ramp.png of 7x10, central 3x4, RGB, minus m.npy, times 2"; in.String() != want {
		t.Errorf("described as %q, want %q", in, want)
	}
	want := "m.npy: expected a mean image of 3x5x6, as large as the photo before a crop, found 1x3x7x10"
	if _, err := p.Input(ramp(5, 6), 3, 4); err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

// TestStandardise: bytes come into [0, 1] first, where a flat picture is divided by 1/sqrt(n).
func TestStandardise(t *testing.T) {
	p := &Photo{Height: 1, Width: 1, Pixels: []byte{10, 20, 30}}
	in, err := mustParse(t, "standardise,bgr").Input(p, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	// The deviation, sqrt(2/3) 10/255, is less than 1/sqrt(3).
	for i, want := range []float64{10 * math.Sqrt(3) / 255, 0, -10 * math.Sqrt(3) / 255} {
		if got := float64(in.Tensor.Data[i]); !(math.Abs(got-want) < 1e-7) {
			t.Errorf("channel %d: %v, want %v", i, got, want)
		}
	}
	if want := " of 1x1, BGR, minus the mean of all numbers and divided by their deviation"; in.String() != want {
		t.Errorf("described as %q, want %q", in, want)
	}
}

// TestEveryFilterKeepsOneColour: weights sum to one, for bytes and for floats.
func TestEveryFilterKeepsOneColour(t *testing.T) {
	p := &Photo{Height: 5, Width: 7, Pixels: make([]byte, 3*5*7)}
	for i := range p.Pixels {
		p.Pixels[i] = 200
	}
	for _, r := range resamplings() {
		in, err := mustParse(t, "resize=3x11,filter="+r.name).Input(p, 3, 11)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range in.Tensor.Data {
			if !(math.Abs(float64(v)-200) < 1e-3) {
				t.Errorf("%s: %v of 200", r.name, v)
				break
			}
		}
	}
}

func TestUsageNamesEveryWord(t *testing.T) {
	text := Usage()
	for _, w := range words {
		if w.about == "" || !strings.Contains(text, w.example+" ") {
			t.Errorf("%s is not explained", w.name)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if len(line) > 120 {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
}
