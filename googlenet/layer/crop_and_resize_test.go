package layer

import (
	"math"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

// cropped cuts one box out of a map of 3x3, the second of two.
func cropped(t *testing.T, l CropAndResize, box ...float64) []float64 {
	t.Helper()
	x := tensor.New[float64](2, 1, 3, 3)
	copy(x.Data[9:], []float64{0, 1, 2, 10, 11, 12, 20, 21, 22})
	c := &Call[float64]{In: []*tensor.Tensor[float64]{x, tensor.From(box, 1, 4), tensor.From([]float64{1}, 1)}}
	shapes, err := OutputShapes(l, c.In)
	if err != nil {
		t.Fatal(err)
	}
	c.Out = []*tensor.Tensor[float64]{tensor.New[float64](shapes[0]...)}
	l.Forward64(c)
	return c.Out[0].Data
}

func TestCropAndResize(t *testing.T) {
	for _, tt := range []struct {
		what string
		l    CropAndResize
		box  []float64
		want []float64
	}{
		{"the whole map", CropAndResize{Size: [2]int{2, 3}}, []float64{0, 0, 1, 1}, []float64{0, 1, 2, 20, 21, 22}},
		{"between cells", CropAndResize{Size: [2]int{2, 2}}, []float64{0.25, 0, 0.75, 0.25}, []float64{5, 5.5, 15, 15.5}},
		{"turned over", CropAndResize{Size: [2]int{2, 2}}, []float64{1, 1, 0, 0}, []float64{22, 20, 2, 0}},
		{"the middle of a box", CropAndResize{Size: [2]int{1, 1}}, []float64{0, 0.5, 0.5, 1}, []float64{6.5}},
		{"beyond the border", CropAndResize{Size: [2]int{1, 3}, Outside: -7}, []float64{0, -0.5, 0, 1.5}, []float64{-7, 1, -7}},
		{"nearest, of two the later", CropAndResize{Size: [2]int{1, 2}, Nearest: true}, []float64{0.25, 0.25, 0.25, 0.7}, []float64{11, 11}},
	} {
		if got := cropped(t, tt.l, tt.box...); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
}

func TestCropAndResizeRefusesInputs(t *testing.T) {
	l := CropAndResize{Size: [2]int{1, 1}}
	for want, in := range map[string][2]*tensor.Tensor[float64]{
		"box 0 is of map 2, but there are 2":  {tensor.From([]float64{0, 0, 1, 1}, 1, 4), tensor.From([]float64{2}, 1)},
		"box 0 is not finite: +Inf":           {tensor.From([]float64{0, 0, math.Inf(1), 1}, 1, 4), tensor.From([]float64{1}, 1)},
		"box 0 is of map -1, but there are 2": {tensor.From([]float64{0, 0, 1, 1}, 1, 4), tensor.From([]float64{-1}, 1)},
	} {
		_, err := OutputShapes(l, []*tensor.Tensor[float64]{tensor.New[float64](2, 1, 3, 3), in[0], in[1]})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
