package cause

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

var inputScale = &Cause{
	ID:      "input.scale",
	Title:   "the input has another scale",
	Symptom: "The inputs are in proportion, 1/255, 2/255 or 0.017 most often, perhaps with another constant; activations are flat.",
	Why:     "Pictures are numbers from 0 to 255 in Caffe, from 0 to 1 in PyTorch, from -1 to 1 in Inception's ports; the mean is subtracted before or after.",
	Fix: Fixes{
		Caffe: "transform_param { scale: S }, after the mean", TensorFlow: "multiply the input", Keras: "preprocess_input of the right mode", PyTorch: "transforms.ToTensor divides by 255", ONNX: "multiply the input",
	},
	Break: func(p *Port) []Fault {
		var list []Fault
		for _, f := range []float64{1. / 255, 1 / 127.5, 0.017, 255} {
			list = append(list, fedFault(p, number(f), false, func(x *tensor.Tensor[float32], n, c, y, w int, _ float64) float64 {
				return f * pixel(x, n, c, y, w)
			}))
		}
		return append(list, fedFault(p, "any factor", true, func(x *tensor.Tensor[float32], n, c, y, w int, size float64) float64 {
			return (1 + size) * pixel(x, n, c, y, w)
		}), fedFault(p, "to [-1, 1]", false, func(x *tensor.Tensor[float32], n, c, y, w int, _ float64) float64 {
			return (pixel(x, n, c, y, w)+[]float64{104, 117, 123, 110, 131}[c])/127.5 - 1
		}), fedFault(p, "a factor for each channel", true, func(x *tensor.Tensor[float32], n, c, y, w int, size float64) float64 {
			return (1 + size*float64(c+1)) * pixel(x, n, c, y, w)
		}))
	},
	Variants: func(s *Segment) []Variant {
		x := s.picture()
		if x == nil {
			return nil
		}
		if s.holds(s.fedVariant(shifted(x, s.shifts(x)), "", "")) {
			return nil // the same scale
		}
		for _, each := range []bool{false, true} {
			factors, by := s.lines(x, each)
			round := s.lineVariant(x, each, tidied(factors), tidied(by))
			if s.holds(round) {
				return []Variant{round}
			}
			if exact := s.lineVariant(x, each, factors, by); s.holds(exact) {
				return []Variant{exact}
			}
		}
		return nil
	},
}

// lineVariant proposes each channel times a factor, one or its own, plus a number.
func (s *Segment) lineVariant(x *tensor.Tensor[float64], each bool, factors, by []float64) Variant {
	out := x.Clone()
	channels, cells := x.Shape[1], x.Shape[2]*x.Shape[3]
	for at := range out.Data {
		c := at / cells % channels
		out.Data[at] = factors[c]*out.Data[at] + by[c]
	}
	text, unknowns := number(factors[0]), 1+channels
	if each {
		text, unknowns = channelNumbers(factors), 2*channels
	}
	explanation := fmt.Sprintf("the candidate's input is the reference's times %s", text)
	if !zero(by) {
		explanation += " plus " + channelNumbers(by)
	}
	return s.fedVariant(out, text, explanation).solving(unknowns)
}

// tidied are numbers as people write them, where these are near.
func tidied(list []float64) []float64 {
	out := make([]float64, len(list))
	for i, v := range list {
		if out[i] = v; math.Abs(v) < 1e-4 {
			out[i] = 0
		}
		for _, r := range rounded(v) {
			if math.Abs(r-v) < 1e-6*math.Abs(v) {
				out[i] = r
				break
			}
		}
	}
	return out
}

// lines fits the candidate's input as a factor times the reference's plus a constant by channel; the factor is one, or each
// channel's own.
func (s *Segment) lines(x *tensor.Tensor[float64], each bool) (factors, by []float64) {
	channels, cells := x.Shape[1], x.Shape[2]*x.Shape[3]
	mx, my, n := make([]float64, channels), make([]float64, channels), float64(len(x.Data)/channels)
	for at, v := range x.Data {
		c := at / cells % channels
		mx[c], my[c] = mx[c]+v/n, my[c]+s.Candidate.Data[at]/n
	}
	xx, xy := make([]float64, channels), make([]float64, channels)
	for at, v := range x.Data {
		c := at / cells % channels
		k := c
		if !each {
			k = 0
		}
		xx[k], xy[k] = xx[k]+(v-mx[c])*(v-mx[c]), xy[k]+(v-mx[c])*(s.Candidate.Data[at]-my[c])
	}
	for c := range channels {
		k := c
		if !each {
			k = 0
		}
		f := xy[k] / xx[k]
		factors, by = append(factors, f), append(by, my[c]-f*mx[c])
	}
	return factors, by
}
