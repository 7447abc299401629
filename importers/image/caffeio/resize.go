package caffeio

import (
	"slices"

	"parity/googlenet/tensor"
	"parity/importers/image"
)

// ResizeImage is caffe.io.resize_image with linear interpolation, from height x width x channels. Pictures of 1 or 3
// channels are scaled to [0, 1] for scikit-image and back; others go to scipy.ndimage.zoom, which puts the corner pixels
// onto the corners. Smooth is scikit-image's filter against aliasing, which it applies since version 0.15; in Caffe's
// time there was none.
//
// The result has the bits of scikit-image 0.26 on x86: interpolation in float64, rounded to the picture's type.
func ResizeImage[T tensor.Float](im *tensor.Tensor[T], to image.Size, smooth bool) *tensor.Tensor[float32] {
	if c := im.Shape[2]; c != 1 && c != 3 {
		return tensor.As[float32](zoom(im, to, cornerTaps))
	}
	low, high := slices.Min(im.Data), slices.Max(im.Data)
	if !(high > low) {
		out := tensor.New[float32](to.Height, to.Width, im.Shape[2])
		for i := range out.Data {
			out.Data[i] = float32(low)
		}
		return out
	}
	scaled := im.Clone()
	for i, v := range scaled.Data {
		scaled.Data[i] = (v - low) / (high - low)
	}
	if smooth {
		scaled = blur(scaled, to)
	}
	out := zoom(scaled, to, centreTaps)
	for i, v := range out.Data {
		out.Data[i] = T(max(0, min(1, v))*(high-low)) + low
	}
	return tensor.As[float32](out)
}
