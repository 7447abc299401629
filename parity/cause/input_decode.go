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
		return []Variant{s.fedVariant(out, fmt.Sprintf("up to %.0f grey levels", most),
			fmt.Sprintf("both inputs are made of whole grey levels, and differ by up to %.0f of them", most))}
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
