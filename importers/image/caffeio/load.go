package caffeio

import (
	"parity/googlenet/tensor"
	"parity/importers/image"
)

// LoadImage is caffe.io.load_image: height x width x 3 of red, green and blue in [0, 1], or height x width x 1 of
// scikit-image's luminance.
func LoadImage(file string, color bool) (*tensor.Tensor[float32], error) {
	photo, err := image.Load(file)
	if err != nil {
		return nil, err
	}
	if color {
		out := tensor.New[float32](photo.Height, photo.Width, 3)
		for i, v := range photo.Pixels {
			out.Data[i] = float32(unit(v))
		}
		return out, nil
	}
	out := tensor.New[float32](photo.Height, photo.Width, 1)
	for i := range out.Data {
		out.Data[i] = luminance([3]byte(photo.Pixels[3*i:]))
	}
	return out, nil
}

// unit multiplies by the rounded 1/255, as img_as_float does.
func unit(v byte) float64 { return float64(v) * (1.0 / 255) }

// luminance has the weights of rgb2gray (ITU-R 709). Grey files are not weighted: 1 is not the sum of the rounded weights.
func luminance(p [3]byte) float32 {
	if p[0] == p[1] && p[1] == p[2] {
		return float32(unit(p[0]))
	}
	return float32(float64(unit(p[0])*0.2125) + float64(unit(p[1])*0.7154) + float64(unit(p[2])*0.0721))
}
