package caffe

import (
	"cmp"

	"parity/googlenet/tensor"
)

// inputLayers are the layers that bring data in, with the shapes of their tops. An extent of -1 is unknown, as is the
// rank of a nil shape: both are in the data, which is not read here.
var inputLayers = map[string]func(*Layer) ([]tensor.Shape, error){
	"Input":      declaredShapes,
	"DummyData":  dummyShapes,
	"Data":       func(l *Layer) ([]tensor.Shape, error) { return labelled(l, -1, cropped(l, "data_param")), nil },
	"ImageData":  imageShapes,
	"WindowData": func(l *Layer) ([]tensor.Shape, error) { return labelled(l, 3, cropped(l, "window_data_param")), nil },
	"MemoryData": memoryShapes,
	"HDF5Data":   func(l *Layer) ([]tensor.Shape, error) { return make([]tensor.Shape, len(l.Top)), nil },
}

// declaredShapes are those of an Input layer: one for all tops, one for each, or none.
func declaredShapes(l *Layer) ([]tensor.Shape, error) {
	return spread(l, list[*Message](l.Settings.Sub("input_param"), "shape"))
}

func spread(l *Layer, declared []*Message) ([]tensor.Shape, error) {
	shapes := make([]tensor.Shape, len(l.Top))
	if n := len(declared); n > 1 && n != len(l.Top) {
		return nil, l.Errorf("expected one shape, or one for each of the %d tops, found %d", len(l.Top), n)
	}
	for i := range shapes {
		if len(declared) == 0 {
			continue
		}
		m := declared[min(i, len(declared)-1)]
		shapes[i] = shapeOf(m)
		for _, d := range shapes[i] {
			if d < 1 {
				return nil, m.Errorf("dim", "layer %q (%s): extents must be positive, found %v", l.Name, l.Type, []int(shapes[i]))
			}
		}
	}
	return shapes, nil
}

// dummyShapes are given as shapes, or as num, channels, height and width.
func dummyShapes(l *Layer) ([]tensor.Shape, error) {
	p := l.Settings.Sub("dummy_data_param")
	declared := list[*Message](p, "shape")
	var extents [4][]int64
	for i, name := range []string{"num", "channels", "height", "width"} {
		extents[i] = list[int64](p, name)
		if len(extents[i]) != len(extents[0]) {
			return nil, p.Errorf(name, "layer %q (%s): num, channels, height and width must be stated equally often", l.Name, l.Type)
		}
	}
	for i := range extents[0] {
		shape := &Message{Type: "BlobShape", File: p.File, Position: p.Position}
		for _, e := range extents {
			shape.set("dim", p.Position, e[i])
		}
		declared = append(declared, shape)
	}
	return spread(l, declared)
}

func imageShapes(l *Layer) ([]tensor.Shape, error) {
	p := l.Settings.Sub("image_data_param")
	channels := 3
	if !p.Bool("is_color", true) {
		channels = 1
	}
	size := cropped(l, "image_data_param")
	if size[0] < 0 {
		size = [2]int{unknownIfZero(p.Int("new_height", 0)), unknownIfZero(p.Int("new_width", 0))}
	}
	return labelled(l, channels, size), nil
}

func memoryShapes(l *Layer) ([]tensor.Shape, error) {
	p := l.Settings.Sub("memory_data_param")
	extent := func(name string) int { return unknownIfZero(p.Int(name, 0)) }
	return labelled(l, extent("channels"), [2]int{extent("height"), extent("width")}), nil
}

// cropped is the size of the images that a data layer cuts out, which stood in the layer's own message in V1 files.
func cropped(l *Layer, message string) [2]int {
	size := unknownIfZero(cmp.Or(l.Settings.Sub("transform_param").Int("crop_size", 0), l.Settings.Sub(message).Int("crop_size", 0)))
	return [2]int{size, size}
}

func unknownIfZero(n int) int { return cmp.Or(max(n, 0), -1) }

// labelled is a batch of images and, as further tops, their labels.
func labelled(l *Layer, channels int, size [2]int) []tensor.Shape {
	shapes := make([]tensor.Shape, len(l.Top))
	for i := range shapes {
		shapes[i] = tensor.Shape{-1}
		if i == 0 {
			shapes[i] = tensor.Shape{-1, channels, size[0], size[1]}
		}
	}
	return shapes
}
