package image

import (
	"math"
	"runtime"

	"parity/googlenet/parallel"
)

// Resize stretches a photo to another size with OpenCV's INTER_LINEAR on bytes, which Caffe's ImageData layer
// uses: pixel centres at half coordinates, two taps a direction (no smoothing when it shrinks), weights in 2^-11, and
// the result rounded to a byte. PIL and scikit-image smooth when they shrink and give other numbers.
func (p *Photo) Resize(height, width int) *Photo {
	if height == p.Height && width == p.Width {
		return p
	}
	out := &Photo{p.File, height, width, make([]byte, 3*height*width), p.Grey}
	columns := taps(p.Width, width, true)
	rows := taps(p.Height, height, false)
	const rowsAtOnce = 16
	parallel.Ranges(runtime.GOMAXPROCS(0), height, rowsAtOnce, func(lo, hi int) {
		top, bottom := make([]int32, 3*width), make([]int32, 3*width)
		for y := lo; y < hi; y++ {
			p.stretchRow(top, clamp(rows[y].at, p.Height), columns)
			p.stretchRow(bottom, clamp(rows[y].at+1, p.Height), columns)
			blend(out.Pixels[3*width*y:][:3*width], top, bottom, rows[y])
		}
	})
	return out
}

// tap is where the first of two neighbours stands and how both count, in 2^-11.
type tap struct {
	at            int
	first, second int32
}

const weightBits = 11

// taps computes the source position (i + 1/2) from/to - 1/2 of every target pixel. At the borders OpenCV gives a
// column's whole weight to the last pixel, but lets both taps of a row read the same row; the roundings differ.
func taps(from, to int, columns bool) []tap {
	scale := 1 / (float64(to) / float64(from))
	out := make([]tap, to)
	for i := range out {
		position := float32((float64(i)+0.5)*scale - 0.5)
		at := int(math.Floor(float64(position)))
		fraction := position - float32(at)
		if columns && (at < 0 || at >= from-1) {
			at, fraction = clamp(at, from), 0
		}
		out[i] = tap{at, weight(1 - fraction), weight(fraction)}
	}
	return out
}

func weight(w float32) int32 { return int32(math.RoundToEven(float64(w * (1 << weightBits)))) }

func clamp(i, n int) int { return max(0, min(i, n-1)) }

func (p *Photo) stretchRow(to []int32, y int, columns []tap) {
	row := p.Pixels[3*p.Width*y:][:3*p.Width]
	for x, t := range columns {
		left := row[3*t.at:]
		right := row[3*clamp(t.at+1, p.Width):]
		for c := range 3 {
			to[3*x+c] = int32(left[c])*t.first + int32(right[c])*t.second
		}
	}
}

// blend drops 4 + 16 of the 22 fractional bits in two truncating steps and rounds the last 2, in this order because
// each product then fits the 16-bit multiplications that OpenCV uses.
func blend(to []byte, top, bottom []int32, t tap) {
	for i := range to {
		v := (t.first*(top[i]>>4))>>16 + (t.second*(bottom[i]>>4))>>16
		to[i] = byte(max(0, min(255, (v+2)>>2)))
	}
}
