package caffeio

import (
	"math"

	"parity/googlenet/tensor"
	"parity/importers/image"
)

// blur is scikit-image's filter against aliasing: along each direction that shrinks by a factor f a Gaussian of standard
// deviation (f - 1)/2, cut off at 4 deviations, with black around the picture.
func blur[T tensor.Float](im *tensor.Tensor[T], to image.Size) *tensor.Tensor[T] {
	height, width, channels := im.Shape[0], im.Shape[1], im.Shape[2]
	out := im
	if sigma := deviation(height, to.Height); sigma > 0 {
		out = correlate(out, gaussian(sigma), 1, height, width*channels)
	}
	if sigma := deviation(width, to.Width); sigma > 0 {
		out = correlate(out, gaussian(sigma), height, width, channels)
	}
	return out
}

// deviation is what scipy applies: it leaves deviations up to 1e-15 out.
func deviation(from, to int) float64 {
	sigma := (float64(from)/float64(to) - 1) / 2
	if !(sigma > 1e-15) {
		return 0
	}
	return sigma
}

// gaussian returns the weights of distance 0 and up.
func gaussian(sigma float64) []float64 {
	radius := int(4*sigma + 0.5)
	weights := make([]float64, radius+1)
	var all []float64
	for d := -radius; d <= radius; d++ {
		w := math.Exp(-0.5 / (sigma * sigma) * float64(d*d))
		all = append(all, w)
		if d >= 0 {
			weights[d] = w
		}
	}
	total := pairwise(all)
	for d := range weights {
		weights[d] /= total
	}
	return weights
}

// correlate filters along the middle one of outer x length x inner in float64, the furthest neighbours first.
func correlate[T tensor.Float](im *tensor.Tensor[T], weights []float64, outer, length, inner int) *tensor.Tensor[T] {
	out := tensor.New[T](im.Shape...)
	line := make([]float64, length+2*len(weights))
	for o := range outer {
		for i := range inner {
			at := func(k int) int { return (o*length+k)*inner + i }
			for k := range length {
				line[len(weights)+k] = float64(im.Data[at(k)])
			}
			for k := range length {
				out.Data[at(k)] = T(symmetric(line, len(weights)+k, weights))
			}
		}
	}
	return out
}

func symmetric(line []float64, at int, weights []float64) float64 {
	sum := line[at] * weights[0]
	for d := len(weights) - 1; d > 0; d-- {
		sum += float64((line[at-d] + line[at+d]) * weights[d])
	}
	return sum
}

// pairwise adds as NumPy does: up to 128 numbers in eight interleaved sums, more in halves.
func pairwise(v []float64) float64 {
	if len(v) < 8 {
		var sum float64
		for _, x := range v {
			sum += x
		}
		return sum
	}
	if len(v) > 128 {
		half := len(v) / 2 / 8 * 8
		return pairwise(v[:half]) + pairwise(v[half:])
	}
	r := [8]float64(v)
	i := 8
	for ; i+8 <= len(v); i += 8 {
		for j := range r {
			r[j] += v[i+j]
		}
	}
	sum := ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
	for ; i < len(v); i++ {
		sum += v[i]
	}
	return sum
}
