package tfimage

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Crop cuts a piece out.
func Crop(x Picture, top, left, height, width int) (Picture, error) {
	if top < 0 || left < 0 || height < 1 || width < 1 || top > x.Shape[0]-height || left > x.Shape[1]-width {
		return nil, fmt.Errorf("a piece of %dx%d at %d, %d leaves the picture of %dx%d", height, width, top, left, x.Shape[0], x.Shape[1])
	}
	return Place(tensor.New[float32](height, width, x.Shape[2]), x, -top, -left), nil
}

// Place copies a picture onto another of as many channels, as far as it lies on it, with its corner at top, left.
func Place(onto, x Picture, top, left int) Picture {
	channels := x.Shape[2]
	first, end := max(left, 0), min(left+x.Shape[1], onto.Shape[1])
	for y := max(top, 0); y < min(top+x.Shape[0], onto.Shape[0]) && first < end; y++ {
		to := (y*onto.Shape[1] + first) * channels
		from := ((y-top)*x.Shape[1] + first - left) * channels
		copy(onto.Data[to:to+(end-first)*channels], x.Data[from:])
	}
	return onto
}

// CentralCrop keeps a fraction of either side, between 0 and 1. What is cut off at both ends is rounded down, to be equal.
func CentralCrop(x Picture, fraction float64) (Picture, error) {
	if !(fraction > 0 && fraction <= 1) {
		return nil, fmt.Errorf("the fraction %v of a central crop is not between 0 and 1", fraction)
	}
	top, left := CutOff(x.Shape[0], fraction), CutOff(x.Shape[1], fraction)
	return Crop(x, top, left, x.Shape[0]-2*top, x.Shape[1]-2*left)
}

// CutOff is what a central crop removes at either end of n cells.
func CutOff(n int, fraction float64) int { return int((float64(n) - float64(float64(n)*fraction)) / 2) }

// CropOrPad is resize_with_crop_or_pad: it cuts a picture or puts black around it, in the middle.
func CropOrPad(x Picture, height, width int) (Picture, error) {
	if height < 1 || width < 1 {
		return nil, fmt.Errorf("a picture cannot be made %dx%d", height, width)
	}
	return Place(tensor.New[float32](height, width, x.Shape[2]), x, margin(x.Shape[0], height), margin(x.Shape[1], width)), nil
}

// margin is what comes before n cells among to of them: the smaller half.
func margin(n, to int) int {
	if n > to {
		return -((n - to) / 2)
	}
	return (to - n) / 2
}

// Mirror is flip_left_right.
func Mirror(x Picture) Picture {
	out := tensor.New[float32](x.Shape...)
	width, channels := x.Shape[1], x.Shape[2]
	for i := range x.Shape[0] * width {
		from := i/width*width + width - 1 - i%width
		copy(out.Data[i*channels:(i+1)*channels], x.Data[from*channels:])
	}
	return out
}
