package lower

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	. "parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

func TestResizing(t *testing.T) {
	size := ints("s", 5, 4)
	scales, shifts := Const("c", Floats(tensor.Shape{2}, 0.5, 1.25)), Const("f", Floats(tensor.Shape{2}, 0, -1))
	to := [2]int{5, 4}
	for _, c := range []struct {
		name  string
		nodes Graph
		layer layer.Layer
	}{
		{"nearest", Graph{size, Op("y", "ResizeNearestNeighbor", In("x", "s"), "align_corners", true)}, layer.Resize{Size: to, Coordinates: layer.FromCorners}},
		{"bilinear", Graph{size, Op("y", "ResizeBilinear", In("x", "s"))}, layer.Resize{Size: to, Filter: layer.ResizeLinear}},
		{"bicubic", Graph{size, Op("y", "ResizeBicubic", In("x", "s"))}, layer.Resize{Size: to, Filter: layer.ResizeCubic, A: -0.75, Steps: 1024}},
		{"bicubic from centres", Graph{size, Op("y", "ResizeBicubic", In("x", "s"), "half_pixel_centers", true)},
			layer.Resize{Size: to, Filter: layer.ResizeCubic, Coordinates: layer.FromCentres, A: -0.5, Inside: true, Steps: 1024}},
		{"area", Graph{size, Op("y", "ResizeArea", In("x", "s"))}, layer.Resize{Size: to, Filter: layer.ResizeArea}},
		{"scaled", Graph{size, scales, shifts, Op("y", "ScaleAndTranslate", In("x", "s", "c", "f"), "kernel_type", "gaussian", "antialias", false)},
			layer.Resample{Size: to, Scale: [2]float64{0.5, 1.25}, Shift: [2]float64{0, -1}, Kernel: layer.GaussianKernel}},
		{"scaled by default", Graph{size, scales, shifts, Op("y", "ScaleAndTranslate", In("x", "s", "c", "f"))},
			layer.Resample{Size: to, Scale: [2]float64{0.5, 1.25}, Shift: [2]float64{0, -1}, Kernel: layer.Lanczos3Kernel, Antialias: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := lowerOK(t, append(Graph{x4}, c.nodes...))
			if diff := cmp.Diff(c.layer, g.Node("y").Layer); diff != "" {
				t.Error(diff)
			}
			if g.Values["y"].ToCommon == nil {
				t.Error("the result is not noted as NHWC")
			}
		})
	}
}

// TestScaleOfSizes: tf.image.resize divides the sizes in the graph, in float32.
func TestScaleOfSizes(t *testing.T) {
	integer, number := tensorproto.Int32, tensorproto.Float
	g := lowerOK(t, Graph{
		x4, ints("s", 5, 4), Const("f", Floats(tensor.Shape{2}, 0, 0)), ints("one", 1), ints("three", 3),
		Op("shape", "Shape", In("x"), "T", number, "out_type", integer), Op("spatial", "StridedSlice", In("shape", "one", "three", "one"), "T", integer),
		Op("to", "Cast", In("s"), "SrcT", integer, "DstT", number), Op("from", "Cast", In("spatial"), "SrcT", integer, "DstT", number),
		Op("scale", "RealDiv", In("to", "from"), "T", number), Op("y", "ScaleAndTranslate", In("x", "s", "scale", "f"), "kernel_type", "triangle"),
	})
	want := layer.Resample{Size: [2]int{5, 4}, Scale: [2]float64{float64(float32(5) / 8), float64(float32(4) / 9)}, Kernel: layer.TriangleKernel, Antialias: true}
	if diff := cmp.Diff(layer.Layer(want), g.Node("y").Layer); diff != "" {
		t.Error(diff)
	}
}

func TestResizingRefuses(t *testing.T) {
	size := ints("s", 5, 4)
	for want, nodes := range map[string]Graph{
		"align_corners and half_pixel_centers cannot both be set": {size, Op("y", "ResizeBilinear", In("x", "s"), "align_corners", true, "half_pixel_centers", true)},
		"its size should be a height and a width, found [5]":      {ints("s", 5), Op("y", "ResizeArea", In("x", "s"))},
		"its size should be positive, found [5 0]":                {ints("s", 5, 0), Op("y", "ResizeBicubic", In("x", "s"))},
		`such as lanczos3 or triangle, found "sharp"`:             {size, Op("y", "ScaleAndTranslate", In("x", "s"), "kernel_type", "sharp")},
	} {
		_, err := Lower(parse(t, append(Graph{x4}, nodes...)), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestCropAndResize(t *testing.T) {
	boxes, of, size := Placeholder("b", 3, 4), ints("i", 1, 0, 1), ints("s", 5, 4)
	for _, c := range []struct {
		name  string
		graph Graph
		layer layer.CropAndResize
	}{
		{"fed boxes", Graph{x4, boxes, of, size, Op("y", "CropAndResize", In("x", "b", "i", "s"))}, layer.CropAndResize{Size: [2]int{5, 4}}},
		{"constant boxes", Graph{x4, Const("b", Ramp(3, 4)), of, size, Op("y", "CropAndResize", In("x", "b", "i", "s"), "method", "nearest", "extrapolation_value", float32(0.5))},
			layer.CropAndResize{Size: [2]int{5, 4}, Nearest: true, Smooth: true, Outside: 0.5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := lowerOK(t, c.graph).Node("y")
			if diff := cmp.Diff(layer.Layer(c.layer), n.Layer); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{"x", "b", "i"}, n.Inputs); diff != "" {
				t.Error(diff)
			}
		})
	}
	for want, nodes := range map[string]Graph{
		`method should be bilinear or nearest, found "cubic"`: {x4, boxes, of, size, Op("y", "CropAndResize", In("x", "b", "i", "s"), "method", "cubic")},
		"found 3 inputs":                   {x4, boxes, of, Op("y", "CropAndResize", In("x", "b", "i"))},
		"the maps 2 of 3 boxes do not fit": {Placeholder("x", 2, 8, 9, 6), boxes, ints("i", 1, 0), size, Op("y", "CropAndResize", In("x", "b", "i", "s"))},
	} {
		_, err := Lower(parse(t, nodes), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
