package cause

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

var inputDecode = &Cause{
	ID:      "input.decode",
	Title:   "the picture was decoded by another decoder",
	Symptom: "The inputs differ by one or two grey levels here and there, up to six where colour changes.",
	Why:     "JPEG leaves the rounding of its transform and the interpolation of colours to the decoder; TensorFlow's default is a fast, less exact one.",
	Fix: Fixes{
		Caffe: "decode with the same library", TensorFlow: "tf.io.decode_jpeg(..., dct_method='INTEGER_ACCURATE')", Keras: "decode with the same library", PyTorch: "decode with the same library", ONNX: "decode with the same library",
	},
	Break: func(p *Port) []Fault {
		var list []Fault
		for _, most := range []int{1, 2, 6} {
			list = append(list, fedFault(p, fmt.Sprintf("up to %d", most), false, func(x *tensor.Tensor[float32], n, c, y, w int, _ float64) float64 {
				return pixel(x, n, c, y, w) + float64((7*w+3*y+c+n)%(2*most+1)-most)
			}))
		}
		return list
	},
	Variants: func(s *Segment) []Variant {
		t := s.picture()
		if t == nil || !levels(t) || !levels(s.Candidate) {
			return nil
		}
		most := 0.0
		for at, v := range t.Data {
			most = max(most, math.Abs(s.Candidate.Data[at]-v))
		}
		if most > 8 {
			return nil
		}
		out := t.Clone()
		for at, v := range t.Data {
			out.Data[at] = v + math.Round(s.Candidate.Data[at]-v)
		}
		v := s.fedVariant(out, fmt.Sprintf("up to %.0f grey levels", most), fmt.Sprintf("both inputs are made of whole grey levels, and differ by up to %.0f of them", most))
		v.taken = math.Log2(2*most + 1) // which of so many levels each number is off by
		return []Variant{v}
	},
}

// levels reports whether every channel holds whole numbers minus one mean, and enough different ones to be a picture.
func levels(t *tensor.Tensor[float64]) bool {
	channels, cells := t.Shape[1], t.Shape[2]*t.Shape[3]
	for c := range channels {
		fraction := t.Data[c*cells] - math.Floor(t.Data[c*cells])
		different := map[float64]bool{}
		for _, v := range t.Data[c*cells:][:cells] {
			d := v - fraction
			if math.Abs(d-math.Round(d)) > 1e-3 {
				return false
			}
			different[math.Round(d)] = true
		}
		if len(different) < 8 {
			return false
		}
	}
	return true
}
