package layer

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

// rowOf runs a layer on one map of a single row.
func rowOf(t *testing.T, l Layer, x ...float32) []float32 {
	t.Helper()
	in := tensor.From(x, 1, 1, 1, len(x))
	shapes, err := l.Infer([]tensor.Shape{in.Shape})
	if err != nil {
		t.Fatal(err)
	}
	c := &Call[float32]{In: []*tensor.Tensor[float32]{in}, Out: []*tensor.Tensor[float32]{tensor.New[float32](shapes[0]...)}, Workers: 1}
	l.Forward32(c)
	return c.Out[0].Data
}

func TestResizePlaces(t *testing.T) {
	resize := func(to int, f ResizeFilter, c Coordinates) Resize {
		return Resize{Size: [2]int{1, to}, Filter: f, Coordinates: c, A: -0.5}
	}
	for _, tt := range []struct {
		what string
		l    Resize
		x    []float32
		want []float32
	}{
		{"nearest from edges", resize(5, ResizeNearest, FromEdges), []float32{1, 2, 3}, []float32{1, 1, 2, 2, 3}},
		{"nearest from corners, of two the later", resize(5, ResizeNearest, FromCorners), []float32{1, 2, 3}, []float32{1, 2, 2, 3, 3}},
		{"nearest from centres", resize(2, ResizeNearest, FromCentres), []float32{1, 2, 3}, []float32{1, 3}},
		{"linear from edges", resize(4, ResizeLinear, FromEdges), []float32{1, 3}, []float32{1, 2, 3, 3}},
		{"linear from corners", resize(5, ResizeLinear, FromCorners), []float32{1, 3, 7}, []float32{1, 2, 3, 5, 7}},
		{"linear from corners to one", resize(1, ResizeLinear, FromCorners), []float32{1, 3, 7}, []float32{1}},
		{"linear from centres", resize(4, ResizeLinear, FromCentres), []float32{1, 3}, []float32{1, 1.5, 2.5, 3}},
		{"area", resize(2, ResizeArea, FromEdges), []float32{1, 2, 6}, []float32{4. / 3, 14. / 3}},
		{"area, larger", resize(4, ResizeArea, FromEdges), []float32{1, 3}, []float32{1, 1, 3, 3}},
		{"cubic, the border repeated", resize(4, ResizeCubic, FromEdges), []float32{0, 16}, []float32{0, 8, 16, 17}},
	} {
		got := rowOf(t, tt.l, tt.x...)
		if !slices.EqualFunc(got, tt.want, func(a, b float32) bool { return math.Abs(float64(a-b)) < 1e-6 }) {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
}

// TestCubicInside: at the border the weights that are left are made to sum to one, so that a flat map stays flat.
func TestCubicInside(t *testing.T) {
	l := Resize{Size: [2]int{1, 7}, Filter: ResizeCubic, Coordinates: FromCentres, A: -0.5, Inside: true, Steps: 1024}
	for i, v := range rowOf(t, l, 5, 5, 5) {
		if !(math.Abs(float64(v)-5) < 1e-5) {
			t.Errorf("cell %d: %v, want 5", i, v)
		}
	}
	// Twice as many cells begin a quarter of a cell before the first one: of the four around that place two are left.
	l.Size[1] = 6
	next, last := float64(keysNear(-0.5, 0.25)), float64(keysFar(-0.5, 0.25))
	want := (next*1 + last*2) / (next + last)
	if got := rowOf(t, l, 1, 2, 4)[0]; !(math.Abs(float64(got)-want) < 1e-6) {
		t.Errorf("first cell: %v, want %v", got, want)
	}
}

// TestResizeOfTheSameSize passes on what is no number.
func TestResizeOfTheSameSize(t *testing.T) {
	inf := float32(math.Inf(1))
	if got := rowOf(t, Resize{Size: [2]int{1, 2}, Filter: ResizeLinear, Coordinates: FromCentres}, 1, inf); got[0] != 1 || got[1] != inf {
		t.Errorf("got %v", got)
	}
}

func TestResamplePlaces(t *testing.T) {
	for _, tt := range []struct {
		what string
		l    Resample
		x    []float32
		want []float32
	}{
		{"triangle", Resample{Size: [2]int{1, 4}, Scale: [2]float64{1, 2}, Kernel: TriangleKernel}, []float32{1, 3}, []float32{1, 1.5, 2.5, 3}},
		{"shifted by one", Resample{Size: [2]int{1, 4}, Scale: [2]float64{1, 1}, Shift: [2]float64{0, 1}, Kernel: TriangleKernel}, []float32{1, 3, 7}, []float32{0, 1, 3, 7}},
		{"half a cell to the left", Resample{Size: [2]int{1, 3}, Scale: [2]float64{1, 1}, Shift: [2]float64{0, -0.5}, Kernel: TriangleKernel}, []float32{1, 3, 7}, []float32{2, 5, 7}},
		{"smoothed", Resample{Size: [2]int{1, 2}, Scale: [2]float64{1, 0.5}, Kernel: TriangleKernel, Antialias: true}, []float32{1, 1, 3, 3}, []float32{9. / 7, 19. / 7}},
		{"not smoothed", Resample{Size: [2]int{1, 2}, Scale: [2]float64{1, 0.5}, Kernel: TriangleKernel}, []float32{1, 1, 3, 3}, []float32{1, 3}},
		{"box, half of what is on its edge", Resample{Size: [2]int{1, 1}, Scale: [2]float64{1, 1}, Shift: [2]float64{0, -0.5}, Kernel: BoxKernel}, []float32{1, 3, 7}, []float32{2}},
	} {
		got := rowOf(t, tt.l, tt.x...)
		if !slices.EqualFunc(got, tt.want, func(a, b float32) bool { return math.Abs(float64(a-b)) < 1e-6 }) {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
}

// TestKernels: all are one at zero but Mitchell's, nothing beyond their radius, and known by their names.
func TestKernels(t *testing.T) {
	for i, k := range kernels {
		if got, ok := KernelByName(k.name); !ok || got != Kernel(i) || got.String() != k.name {
			t.Errorf("%s is found as %v", k.name, got)
		}
		want := float32(1)
		if Kernel(i) == MitchellKernel {
			want = 8. / 9
		}
		if k.at(0) != want || k.at(k.radius+0.01) != 0 {
			t.Errorf("%s: %v at 0, %v beyond %v", k.name, k.at(0), k.at(k.radius+0.01), k.radius)
		}
	}
	if _, ok := KernelByName("sharp"); ok {
		t.Error("there is a kernel called sharp")
	}
}

func TestResizingRefuses(t *testing.T) {
	maps := []tensor.Shape{{1, 2, 3, 4}}
	crop := []tensor.Shape{{1, 2, 3, 4}, {5, 4}, {5}}
	for _, tt := range []struct {
		l    Layer
		in   []tensor.Shape
		want string
	}{
		{Resize{}, maps, "a map cannot be resized to 0x0"},
		{Resize{Size: [2]int{1, 1}}, []tensor.Shape{{1, 2, 0, 4}}, "a map of 0x4 cells cannot be resized"},
		{Resize{Size: [2]int{1, 1}}, []tensor.Shape{{3, 4}}, "takes a 4-dimensional NCHW input"},
		{Resize{Size: [2]int{1, 1}, Filter: ResizeArea, Coordinates: FromCentres}, maps, "begins at the edges or corners"},
		{Resample{Size: [2]int{1, 1}, Scale: [2]float64{1, 0}}, maps, "the scale should be positive, got [1 0]"},
		{CropAndResize{Size: [2]int{1, 1}}, maps, "takes 3 input(s), got 1"},
		{CropAndResize{Size: [2]int{1, 1}}, []tensor.Shape{{1, 2, 3, 4}, {5, 3}, {5}}, "boxes have four numbers each, got 5x3"},
		{CropAndResize{Size: [2]int{1, 1}}, []tensor.Shape{{1, 2, 3, 4}, {5, 4}, {4}}, "the maps 4 of 5 boxes do not fit"},
		{CropAndResize{}, crop, "a map cannot be resized to 0x0"},
	} {
		if _, err := tt.l.Infer(tt.in); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: got %v, want %q", tt.l, err, tt.want)
		}
	}
}

func TestResizingAttributes(t *testing.T) {
	for _, tt := range []struct {
		l    Described
		want string
	}{
		{Resize{Size: [2]int{3, 4}, Coordinates: FromCorners}, "[{size 3x4} {filter nearest} {coordinates corners}]"},
		{Resize{Size: [2]int{3, 4}, Filter: ResizeCubic, A: -0.5, Inside: true, Steps: 1024}, "[{size 3x4} {filter cubic} {coordinates edges} {a -0.5} {border left out} {steps 1024}]"},
		{Resample{Size: [2]int{3, 4}, Scale: [2]float64{0.5, 2}, Kernel: Lanczos3Kernel, Antialias: true}, "[{size 3x4} {scale 0.5x2} {shift 0,0} {kernel lanczos3} {antialias on}]"},
		{CropAndResize{Size: [2]int{3, 4}, Nearest: true, Outside: 0.5, Smooth: true}, "[{size 3x4} {filter nearest} {outside 0.5} {gradient of boxes as if linear}]"},
	} {
		if got := fmt.Sprint(tt.l.Attributes()); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
