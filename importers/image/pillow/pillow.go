// Package pillow resizes pictures to the bytes that Pillow's Image.resize makes of them: with filters that widen where a
// picture shrinks, along the rows and along the columns, each in integers and rounded to bytes.
package pillow

import (
	"math"
	"runtime"

	"parity/googlenet/parallel"
)

// Picture is bytes, height x width x channels.
type Picture struct {
	Height, Width, Channels int
	Pixels                  []byte
}

// Order is the order of the two directions. It changes pixels, since each rounds to bytes.
type Order int

const (
	// WidthFirst is that of Pillow up to version 12.
	WidthFirst Order = iota
	// HeightIfMuchLess begins with the height where that shrinks by more than twice as many pixels as the width: Pillow 13.
	HeightIfMuchLess
)

// Resize stretches a picture with one of the Filters.
func (p Picture) Resize(height, width int, f Filter, o Order) Picture {
	switch {
	case f.at == nil:
		return p.nearest(height, width)
	case o == HeightIfMuchLess && p.Height-height > max(0, 2*(p.Width-width)):
		return p.toHeight(height, f).toWidth(width, f)
	}
	return p.toWidth(width, f).toHeight(height, f)
}

func (p Picture) toWidth(width int, f Filter) Picture {
	if width == p.Width {
		return p
	}
	out := p.along(width, p.Height, p.Channels, f.weights(p.Width, width))
	out.Width = width
	return out
}

func (p Picture) toHeight(height int, f Filter) Picture {
	if height == p.Height {
		return p
	}
	out := p.along(height, 1, p.Width*p.Channels, f.weights(p.Height, height))
	out.Height = height
	return out
}

// weightBits are the fractional bits of weights: 32 less the 8 of a pixel and 2 for what overshoots.
const weightBits = 32 - 8 - 2

// window is the cells that an output cell is made of.
type window struct {
	first   int
	weights []int32
}

// weights are computed in float64 and rounded, halves away from zero.
func (f Filter) weights(from, to int) []window {
	scale := float64(from) / float64(to)
	stretch := max(scale, 1)
	reach := f.support * stretch
	list := make([]window, to)
	for i := range list {
		centre := (float64(i) + 0.5) * scale
		first, end := max(int(centre-reach+0.5), 0), min(int(centre+reach+0.5), from)
		w, sum := make([]float64, end-first), 0.0
		for k := range w {
			w[k] = f.at((float64(k+first) - centre + 0.5) * (1 / stretch))
			sum += w[k]
		}
		list[i] = window{first, make([]int32, len(w))}
		for k, v := range w {
			if sum != 0 {
				v /= sum
			}
			list[i].weights[k] = int32(math.Copysign(0.5, v) + float64(v*(1<<weightBits)))
		}
	}
	return list
}

// along resamples the middle one of outer x length x inner.
func (p Picture) along(length, outer, inner int, windows []window) Picture {
	from := len(p.Pixels) / max(outer, 1)
	out := p
	out.Pixels = make([]byte, outer*length*inner)
	const atOnce = 16
	parallel.Ranges(runtime.GOMAXPROCS(0), outer*length, atOnce, func(lo, hi int) {
		for at := lo; at < hi; at++ {
			w := windows[at%length]
			blend(out.Pixels[at*inner:][:inner], p.Pixels[at/length*from+w.first*inner:], w.weights)
		}
	})
	return out
}

// blend adds up weighted cells, which are as far apart as to is long.
func blend(to, cells []byte, weights []int32) {
	for i := range to {
		sum := int32(1) << (weightBits - 1)
		for k, w := range weights {
			sum += int32(cells[k*len(to)+i]) * w
		}
		to[i] = byte(max(0, min(255, sum>>weightBits)))
	}
}

// nearest copies pixels. Their places are added up, so that rounding errors are too.
func (p Picture) nearest(height, width int) Picture {
	rows, columns := places(p.Height, height), places(p.Width, width)
	out := Picture{height, width, p.Channels, make([]byte, 0, height*width*p.Channels)}
	for _, y := range rows {
		for _, x := range columns {
			out.Pixels = append(out.Pixels, p.Pixels[(y*p.Width+x)*p.Channels:][:p.Channels]...)
		}
	}
	return out
}

func places(from, to int) []int {
	step := float64(from) / float64(to)
	at := step * 0.5
	list := make([]int, to)
	for i := range list {
		list[i] = min(int(at), from-1)
		at += step
	}
	return list
}
