package tfimage

import (
	"fmt"
	"math"
	"runtime"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Resizer makes the layer that stretches a picture of one size to another.
type Resizer func(from, to [2]int) layer.Layer

var filters = map[string]layer.ResizeFilter{
	"nearest": layer.ResizeNearest, "bilinear": layer.ResizeLinear, "bicubic": layer.ResizeCubic, "area": layer.ResizeArea,
}

// Operation is one of the operations ResizeNearestNeighbor, ResizeBilinear, ResizeBicubic and ResizeArea, by the filter's
// name: tf.compat.v1.image.resize_images, where coordinates count from edges or corners.
func Operation(filter string, c layer.Coordinates) (Resizer, error) {
	f, ok := filters[filter]
	if !ok {
		return nil, fmt.Errorf("the filter %q is none of nearest, bilinear, bicubic and area", filter)
	}
	return operation(f, c), nil
}

func operation(f layer.ResizeFilter, c layer.Coordinates) Resizer {
	l := layer.Resize{Filter: f, Coordinates: c}
	if f == layer.ResizeCubic {
		l.A, l.Steps = -0.75, 1<<10
		if c == layer.FromCentres {
			l.A, l.Inside = -0.5, true
		}
	}
	return func(_, to [2]int) layer.Layer { l.Size = to; return l }
}

// kernels are what filters have where they smooth, and those that have no operation of their own in any case.
var kernels = map[string]layer.Kernel{
	"bilinear": layer.TriangleKernel, "bicubic": layer.KeysKernel,
	"lanczos3": layer.Lanczos3Kernel, "lanczos5": layer.Lanczos5Kernel, "gaussian": layer.GaussianKernel, "mitchellcubic": layer.MitchellKernel,
}

// Method is tf.image.resize: coordinates count from centres, and with antialias the filter widens where pictures shrink.
func Method(filter string, antialias bool) (Resizer, error) {
	f, plain := filters[filter]
	kernel, kernelled := kernels[filter]
	switch {
	case kernelled && (antialias || !plain):
		return resampled(kernel, antialias), nil
	case !plain:
		return nil, fmt.Errorf("the filter %q is none of nearest, bilinear, bicubic, area, lanczos3, lanczos5, gaussian and mitchellcubic", filter)
	case f == layer.ResizeArea:
		return operation(f, layer.FromEdges), nil
	}
	return operation(f, layer.FromCentres), nil
}

func resampled(kernel layer.Kernel, antialias bool) Resizer {
	return func(from, to [2]int) layer.Layer {
		l := layer.Resample{Size: to, Kernel: kernel, Antialias: antialias}
		for i := range to {
			l.Scale[i] = float64(float32(to[i]) / float32(from[i]))
		}
		return l
	}
}

// Named is a resizer with a name of its own.
type Named struct {
	Name    string
	Resizer Resizer
}

// Resizers lists them all: the filters of tf.image.resize, those that smooth as NAME-antialias, and the operations that count
// from edges and corners as NAME-legacy and NAME-corners.
func Resizers() []Named {
	edges, corners, centres := layer.FromEdges, layer.FromCorners, layer.FromCentres
	return []Named{
		{"nearest", operation(layer.ResizeNearest, centres)},
		{"nearest-legacy", operation(layer.ResizeNearest, edges)},
		{"nearest-corners", operation(layer.ResizeNearest, corners)},
		{"bilinear", operation(layer.ResizeLinear, centres)},
		{"bilinear-antialias", resampled(layer.TriangleKernel, true)},
		{"bilinear-legacy", operation(layer.ResizeLinear, edges)},
		{"bilinear-corners", operation(layer.ResizeLinear, corners)},
		{"bicubic", operation(layer.ResizeCubic, centres)},
		{"bicubic-antialias", resampled(layer.KeysKernel, true)},
		{"bicubic-legacy", operation(layer.ResizeCubic, edges)},
		{"bicubic-corners", operation(layer.ResizeCubic, corners)},
		{"area", operation(layer.ResizeArea, edges)},
		{"area-corners", operation(layer.ResizeArea, corners)},
		{"lanczos3", resampled(layer.Lanczos3Kernel, false)},
		{"lanczos3-antialias", resampled(layer.Lanczos3Kernel, true)},
		{"lanczos5", resampled(layer.Lanczos5Kernel, false)},
		{"lanczos5-antialias", resampled(layer.Lanczos5Kernel, true)},
		{"gaussian", resampled(layer.GaussianKernel, false)},
		{"gaussian-antialias", resampled(layer.GaussianKernel, true)},
		{"mitchellcubic", resampled(layer.MitchellKernel, false)},
		{"mitchellcubic-antialias", resampled(layer.MitchellKernel, true)},
	}
}

// Resize stretches a picture. One of that size already stays as it is.
func (r Resizer) Resize(x Picture, height, width int) (Picture, error) {
	from, to := [2]int{x.Shape[0], x.Shape[1]}, [2]int{height, width}
	if from == to {
		return x, nil
	}
	l := r(from, to)
	maps := tensor.Permute(x.Reshaped(1, x.Shape[0], x.Shape[1], x.Shape[2]), 0, 3, 1, 2)
	shapes, err := l.Infer([]tensor.Shape{maps.Shape})
	if err != nil {
		return nil, err
	}
	c := &layer.Call[float32]{
		In: []*tensor.Tensor[float32]{maps}, Out: []*tensor.Tensor[float32]{tensor.New[float32](shapes[0]...)},
		Workers: runtime.GOMAXPROCS(0),
	}
	l.Forward32(c)
	return tensor.Permute(c.Out[0], 0, 2, 3, 1).Reshaped(height, width, x.Shape[2]), nil
}

// Fitting is the size that preserve_aspect_ratio gives: as large as fits into another, with the sides' proportion.
func Fitting(from, into [2]int) [2]int {
	scale := min(float32(into[0])/float32(from[0]), float32(into[1])/float32(from[1]))
	var out [2]int
	for i, n := range from {
		out[i] = int(math.RoundToEven(float64(scale * float32(n))))
	}
	return out
}

// ResizeWithPad is resize_with_pad: it stretches a picture without distorting it and puts black around it.
func (r Resizer) ResizeWithPad(x Picture, height, width int) (Picture, error) {
	to := [2]int{height, width}
	ratio := max(float32(x.Shape[1])/float32(width), float32(x.Shape[0])/float32(height))
	var size, before [2]int
	for i, n := range to {
		exact := float32(x.Shape[i]) / ratio
		size[i] = int(math.Floor(float64(exact)))
		before[i] = max(0, int(math.Floor(float64((float32(n)-exact)/2))))
	}
	small, err := r.Resize(x, size[0], size[1])
	if err != nil {
		return nil, err
	}
	return Place(tensor.New[float32](height, width, x.Shape[2]), small, before[0], before[1]), nil
}
