package tfimage

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

func checkColours(x Picture) error {
	if len(x.Shape) != 3 || x.Shape[2] != 3 {
		return fmt.Errorf("expected a picture of three colours, found %v", x.Shape)
	}
	return nil
}

// Grey is rgb_to_grayscale, in floats.
func Grey(x Picture) (Picture, error) {
	if err := checkColours(x); err != nil {
		return nil, err
	}
	out := tensor.New[float32](x.Shape[0], x.Shape[1], 1)
	for i := range out.Data {
		p := x.Data[3*i:]
		out.Data[i] = float32(p[0]*0.2989) + float32(p[1]*0.587) + float32(p[2]*0.114)
	}
	return out, nil
}

// Brighten is adjust_brightness.
func Brighten(x Picture, delta float32) Picture {
	return each(x, func(v float32) float32 { return v + delta })
}

// Contrast is adjust_contrast: every channel moves away from its mean by a factor. The sum for the mean is taken by folding
// the picture in half until one pixel is left.
func Contrast(x Picture, factor float32) Picture {
	channels := x.Shape[2]
	mean := folded(x)
	out := tensor.New[float32](x.Shape...)
	for i, v := range x.Data {
		m := mean[i%channels]
		out.Data[i] = m + float32((v-m)*factor)
	}
	return out
}

func folded(x Picture) []float32 {
	channels, pixels := x.Shape[2], x.Shape[0]*x.Shape[1]
	sum := append([]float32(nil), x.Data...)
	for n := pixels; n > 1; {
		right := n / 2
		left := n - right
		for i := range right * channels {
			sum[i] += sum[left*channels+i]
		}
		n = left
	}
	share := 1 / float32(pixels)
	for i := range channels {
		sum[i] *= share
	}
	return sum[:channels]
}

// Saturate is adjust_saturation: the saturation of hue, saturation and value times a factor, at most 1.
func Saturate(x Picture, factor float32) (Picture, error) {
	return eachColour(x, func(p [3]float32) [3]float32 {
		h, s, v := hsv(p)
		return rgb(h, min(1, max(0, s*factor)), v)
	})
}

func eachColour(x Picture, f func([3]float32) [3]float32) (Picture, error) {
	if err := checkColours(x); err != nil {
		return nil, err
	}
	out := tensor.New[float32](x.Shape...)
	for i := 0; i < len(x.Data); i += 3 {
		p := f([3]float32(x.Data[i:]))
		copy(out.Data[i:], p[:])
	}
	return out, nil
}

// hsv returns the hue in [0, 1), the saturation and the value.
func hsv(p [3]float32) (h, s, v float32) {
	r, g, b := p[0], p[1], p[2]
	v = max(r, g, b)
	extent := v - min(r, g, b)
	if v > 0 {
		s = extent / v
	}
	norm := 1 / (6 * extent)
	switch {
	case !(extent > 0):
		return 0, s, v
	case r == v:
		h = norm * (g - b)
	case g == v:
		h = float32(float64(norm*(b-r)) + 2.0/6)
	default:
		h = float32(float64(norm*(r-g)) + 4.0/6)
	}
	if h < 0 {
		h++
	}
	return h, s, v
}

func rgb(h, s, v float32) [3]float32 {
	c := s * v
	m := v - c
	sixth := h * 6
	folded := sixth
	for folded <= 0 {
		folded += 2
	}
	for folded >= 2 {
		folded -= 2
	}
	x := c * (1 - float32(math.Abs(float64(folded-1))))
	var p [3]float32
	switch int(sixth) {
	case 0:
		p = [3]float32{c, x, 0}
	case 1:
		p = [3]float32{x, c, 0}
	case 2:
		p = [3]float32{0, c, x}
	case 3:
		p = [3]float32{0, x, c}
	case 4:
		p = [3]float32{x, 0, c}
	case 5:
		p = [3]float32{c, 0, x}
	}
	for i := range p {
		p[i] += m
	}
	return p
}

// Turn is adjust_hue: delta is a part of the circle of hues, from -1 to 1.
func Turn(x Picture, delta float32) (Picture, error) {
	return eachColour(x, func(p [3]float32) [3]float32 {
		h, low, high := hueOf(p)
		h += delta * 6
		for h < 0 {
			h += 6
		}
		for h >= 6 {
			h -= 6
		}
		return withHue(h, low, high)
	})
}

// sectors list, for each sixth of the circle, the channels with the largest, the middle and the smallest light.
var sectors = [6][3]int{{0, 1, 2}, {1, 0, 2}, {1, 2, 0}, {2, 1, 0}, {2, 0, 1}, {0, 2, 1}}

// hueOf returns the hue in [0, 6), and the smallest and the largest light.
func hueOf(p [3]float32) (h, low, high float32) {
	sector := sectorOf(p[0], p[1], p[2])
	order := sectors[sector]
	high, low = p[order[0]], p[order[2]]
	if high == low {
		return 0, low, high
	}
	ratio := (p[order[1]] - low) / (high - low)
	if sector%2 == 1 {
		ratio = 1 - ratio
	}
	return float32(sector) + ratio, low, high
}

func sectorOf(r, g, b float32) int {
	switch {
	case r < g && b < r:
		return 1
	case r < g && b > g:
		return 3
	case r < g:
		return 2
	case b < g:
		return 0
	case b > r:
		return 4
	}
	return 5
}

func withHue(h, low, high float32) [3]float32 {
	sector := min(int(h), 5)
	ratio := h - float32(sector)
	if sector%2 == 1 {
		ratio = 1 - ratio
	}
	var p [3]float32
	order := sectors[sector]
	p[order[0]], p[order[1]], p[order[2]] = high, low+float32(ratio*(high-low)), low
	return p
}

// Standardize is per_image_standardization of floats: minus the mean of all numbers, divided by their deviation, which is
// taken to be at least 1/sqrt(n). TensorFlow's sums have an order of their own.
func Standardize(x Picture) Picture {
	mean, deviation := moments(x)
	out := tensor.New[float32](x.Shape...)
	for i, v := range x.Data {
		out.Data[i] = (v - float32(mean)) / float32(deviation)
	}
	return out
}

// moments are the mean and the deviation that is divided by.
func moments(x Picture) (mean, deviation float64) {
	n := float64(len(x.Data))
	for _, v := range x.Data {
		mean += float64(v)
	}
	mean /= n
	variance := 0.0
	for _, v := range x.Data {
		d := float64(v) - mean
		variance += float64(d * d)
	}
	return mean, max(math.Sqrt(variance/n), 1/math.Sqrt(n))
}
