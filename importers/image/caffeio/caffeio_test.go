package caffeio

import (
	"strings"
	"testing"

	"parity/googlenet/tensor"
	"parity/importers/image"
)

// TestResizeIsScikitImages compares with caffe.io.resize_image over scikit-image 0.26 and scipy 1.17, without and with
// the filter against aliasing; four channels go through scipy alone.
func TestResizeIsScikitImages(t *testing.T) {
	small := array(t, "small_5x7x3")
	four := tensor.New[float32](5, 7, 4)
	for i := range four.Data {
		four.Data[i] = small.Data[i/4*3+i%4%3]
	}
	for _, tt := range []struct {
		want   string
		in     *tensor.Tensor[float32]
		to     image.Size
		smooth bool
	}{
		{"resized_10x14", small, image.Size{Height: 10, Width: 14}, false},
		{"resized_3x4", small, image.Size{Height: 3, Width: 4}, false},
		{"resized_smooth_3x4", small, image.Size{Height: 3, Width: 4}, true},
		{"resized_smooth_9x2", small, image.Size{Height: 9, Width: 2}, true},
		{"zoomed_4x9x4", four, image.Size{Height: 4, Width: 9}, false},
	} {
		sameBits(t, tt.want, ResizeImage(tt.in, tt.to, tt.smooth), array(t, tt.want))
	}
}

// TestResizeOfOneColour: a picture without contrast cannot be scaled to [0, 1].
func TestResizeOfOneColour(t *testing.T) {
	out := ResizeImage(tensor.From([]float32{7, 7}, 2, 1, 1), image.Size{Height: 1, Width: 3}, true)
	sameBits(t, "flat", out, tensor.From([]float32{7, 7, 7}, 1, 3, 1))
}

// TestPairwise adds ones to 2^53, beside which a one is lost that is added alone, with NumPy's results.
func TestPairwise(t *testing.T) {
	for n, want := range map[int]float64{7: 0, 8: 6, 21: 16, 128: 112, 200: 188, 300: 290} {
		v := make([]float64, n)
		for i := range v {
			v[i] = 1
		}
		v[0] = 1 << 53
		if got := pairwise(v) - 1<<53; got != want {
			t.Errorf("%d numbers: got 2^53 + %v, want 2^53 + %v", n, got, want)
		}
	}
}

func TestTransformerIsCaffeIOs(t *testing.T) {
	raw, input := 255.0, 0.017
	how := Transformer{
		Channels: 3, Size: image.Size{Height: 4, Width: 6}, Transpose: []int{2, 0, 1}, ChannelSwap: []int{2, 1, 0},
		RawScale: &raw, InputScale: &input,
	}
	if err := how.SetMean(meanImage(t)); err != nil {
		t.Fatal(err)
	}
	out, err := how.Preprocess(array(t, "small_5x7x3"))
	if err != nil {
		t.Fatal(err)
	}
	sameBits(t, "preprocess", out, array(t, "transformed"))
	back, err := how.Deprocess(out)
	if err != nil {
		t.Fatal(err)
	}
	sameBits(t, "deprocess", back, array(t, "deprocessed"))
}

func TestTransformerRefuses(t *testing.T) {
	how := Transformer{Channels: 3, Size: image.Size{Height: 4, Width: 6}}
	for want, mean := range map[string]*tensor.Tensor[float64]{
		"the mean has 2 numbers for 3 channels":                      tensor.New[float64](2),
		"the mean is 4x6; expected channels":                         tensor.New[float64](4, 6),
		"the mean is 1x3x4x6; expected channels x height x width of": tensor.New[float64](1, 3, 4, 6),
	} {
		if err := how.SetMean(mean); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for want, how := range map[string]Transformer{
		"the transposition [0 1 1] is no order of three axes": {Transpose: []int{0, 1, 1}},
		"the channel swap [0 1] is no order of 4 channels":    {ChannelSwap: []int{0, 1}},
	} {
		how.Size = image.Size{Height: 4, Width: 6}
		if _, err := how.Preprocess(tensor.New[float32](4, 6, 3)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if err := how.SetMean(tensor.New[float64](3)); err != nil {
		t.Fatal(err)
	}
	if _, err := how.Preprocess(tensor.New[float32](4, 6, 3)); err == nil || err.Error() != "the mean of 3x1x1 does not fit 4x6x3" {
		t.Errorf("got %v", err)
	}
}

func TestOversampleIsCaffeIOs(t *testing.T) {
	small := array(t, "small_5x7x3")
	twice := small.Clone()
	for i := range twice.Data {
		twice.Data[i] *= 2
	}
	out, err := Oversample([]*tensor.Tensor[float32]{small, twice}, image.Size{Height: 2, Width: 4})
	if err != nil {
		t.Fatal(err)
	}
	sameBits(t, "oversample", out, array(t, "oversampled"))
	if _, err := Oversample([]*tensor.Tensor[float32]{small}, image.Size{Height: 6, Width: 4}); err == nil || err.Error() != "cannot crop 6x4 from a picture of 5x7x3" {
		t.Errorf("got %v", err)
	}
}

// TestImageDataIsOpenCVs: OpenCV 5.0.0 read and resized the file; the sums are over all bytes.
func TestImageDataIsOpenCVs(t *testing.T) {
	for _, tt := range []struct {
		grey  bool
		first []float32
		sum   float32
	}{
		{false, []float32{140, 85, 101, 157}, 74811},
		{true, []float32{185, 164, 126, 107, 111}, 24982},
	} {
		out, err := ImageData{Height: 10, Width: 20, Grey: tt.grey}.Read("../jpeg/testdata/420.jpg")
		if err != nil {
			t.Fatal(err)
		}
		sameBits(t, "first row", &tensor.Tensor[float32]{Data: out.Data[:len(tt.first)]}, tensor.From(tt.first, len(tt.first)))
		var sum float32
		for _, v := range out.Data {
			sum += v
		}
		if sum != tt.sum {
			t.Errorf("grey %v: the bytes sum to %v, want %v", tt.grey, sum, tt.sum)
		}
	}
	out, err := ImageData{Grey: true}.Read("../testdata/small_5x7.png")
	if err != nil {
		t.Fatal(err)
	}
	sameBits(t, "grey PNG", &tensor.Tensor[float32]{Data: out.Data[:7]}, tensor.From([]float32{132, 127, 133, 142, 148, 145, 154}, 7))
}

func TestLoadImage(t *testing.T) {
	for color, channels := range map[bool]int{true: 3, false: 1} {
		out, err := LoadImage("../testdata/small_5x7.png", color)
		if err != nil {
			t.Fatal(err)
		}
		if want := (tensor.Shape{5, 7, channels}); !out.Shape.Equal(want) {
			t.Errorf("got %v, want %v", out.Shape, want)
		}
		for _, v := range out.Data {
			if v < 0 || v > 1 {
				t.Errorf("%v is outside 0 to 1", v)
			}
		}
	}
	if got := luminance([3]byte{255, 255, 255}); got != 1 {
		t.Errorf("white is %v", got)
	}
	if got := luminance([3]byte{255, 0, 0}); got != 0.2125 {
		t.Errorf("red is %v, want 0.2125", got)
	}
}

// TestDecode: an encoded picture keeps its channels unless told otherwise.
func TestDecode(t *testing.T) {
	for _, tt := range []struct {
		file string
		how  DataTransform
		want int
	}{
		{"420.jpg", DataTransform{}, 3},
		{"420.jpg", DataTransform{ForceGrey: true}, 1},
		{"grey.jpg", DataTransform{}, 1},
		{"grey.jpg", DataTransform{ForceColor: true}, 3},
	} {
		out, err := tt.how.Decode("../jpeg/testdata/" + tt.file)
		if err != nil || out.Shape[0] != tt.want {
			t.Errorf("%s: got %v channels, %v, want %d", tt.file, out.Shape[0], err, tt.want)
		}
	}
}
