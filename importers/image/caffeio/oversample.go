package caffeio

import (
	"fmt"

	"parity/googlenet/tensor"
	"parity/importers/image"
)

// Oversample is caffe.io.oversample: the four corners and the centre of each picture (height x width x channels, all as
// large as the first), then their mirror images; 10 x pictures in all.
func Oversample(pictures []*tensor.Tensor[float32], crop image.Size) (*tensor.Tensor[float32], error) {
	if len(pictures) == 0 {
		return nil, fmt.Errorf("no pictures to crop")
	}
	s := pictures[0].Shape
	if len(s) != 3 || crop.Height < 1 || crop.Width < 1 || crop.Height > s[0] || crop.Width > s[1] {
		return nil, fmt.Errorf("cannot crop %v from a picture of %v", crop, s)
	}
	bottom, right := s[0]-crop.Height, s[1]-crop.Width
	places := [][2]int{{0, 0}, {0, right}, {bottom, 0}, {bottom, right}, {bottom / 2, right / 2}}
	out := tensor.New[float32](10*len(pictures), crop.Height, crop.Width, s[2])
	to := out.Data
	for i, p := range pictures {
		if !p.Shape.Equal(s) {
			return nil, fmt.Errorf("picture %d is %v, the first %v", i, p.Shape, s)
		}
		for _, mirror := range []bool{false, true} {
			for _, at := range places {
				to = to[copyCrop(to, p, at[0], at[1], crop, mirror):]
			}
		}
	}
	return out, nil
}

// copyCrop copies a part of a picture and returns how many numbers that was.
func copyCrop(to []float32, p *tensor.Tensor[float32], top, left int, crop image.Size, mirror bool) int {
	width, channels := p.Shape[1], p.Shape[2]
	for y := range crop.Height {
		for x := range crop.Width {
			from := left + x
			if mirror {
				from = left + crop.Width - 1 - x
			}
			copy(to[(y*crop.Width+x)*channels:][:channels], p.Data[((top+y)*width+from)*channels:])
		}
	}
	return crop.Height * crop.Width * channels
}
