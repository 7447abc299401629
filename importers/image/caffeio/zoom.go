package caffeio

import (
	"math"

	"parity/googlenet/tensor"
	"parity/importers/image"
)

// tap is where the first of two neighbours stands and how both count. Neighbours outside the picture are black.
type tap struct {
	at            int
	first, second float64
}

// zoom interpolates between four pixels of each channel in float64, in the order of scipy's NI_ZoomShift.
func zoom[T tensor.Float](im *tensor.Tensor[T], to image.Size, taps func(from, to int) []tap) *tensor.Tensor[T] {
	height, width, channels := im.Shape[0], im.Shape[1], im.Shape[2]
	out := tensor.New[T](to.Height, to.Width, channels)
	at := func(y, x, c int) float64 {
		if y < 0 || x < 0 || y >= height || x >= width {
			return 0
		}
		return float64(im.Data[(y*width+x)*channels+c])
	}
	rows, columns := taps(height, to.Height), taps(width, to.Width)
	i := 0
	for _, r := range rows {
		for _, k := range columns {
			for c := range channels {
				sum := at(r.at, k.at, c) * r.first * k.first
				sum += float64(at(r.at, k.at+1, c) * r.first * k.second)
				sum += float64(at(r.at+1, k.at, c) * r.second * k.first)
				sum += float64(at(r.at+1, k.at+1, c) * r.second * k.second)
				out.Data[i] = T(sum)
				i++
			}
		}
	}
	return out
}

// centreTaps counts pixels from their centres: output pixel i stands at (i + 1/2) from/to - 1/2 (grid_mode).
func centreTaps(from, to int) []tap {
	scale := float64(from) / float64(to)
	out := make([]tap, to)
	for i := range out {
		out[i] = tapAt(float64((float64(i)+0.5)*scale) - 0.5)
	}
	return out
}

// cornerTaps puts the first and the last pixel onto each other. What rounding moves past the last pixel is black.
func cornerTaps(from, to int) []tap {
	scale := 1.0
	if to > 1 {
		scale = float64(from-1) / float64(to-1)
	}
	out := make([]tap, to)
	for i := range out {
		position := float64(i) * scale
		if position <= float64(from-1) {
			out[i] = tapAt(position)
		}
	}
	return out
}

func tapAt(position float64) tap {
	at := math.Floor(position)
	first := 1 - (position - at)
	return tap{int(at), first, 1 - first}
}
