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
	Variants: func(s *Segment) []Variant {
		x := s.picture()
		if x == nil {
			return nil
		}
		var list []Variant
		for _, each := range []bool{false, true} {
			factors, by := s.lines(x, each)
			if zero(shiftedBy(factors, -1)) {
				continue // the same scale
			}
			out := x.Clone()
			channels, cells := x.Shape[1], x.Shape[2]*x.Shape[3]
			for at := range out.Data {
				c := at / cells % channels
				out.Data[at] = factors[c]*out.Data[at] + by[c]
			}
			text := number(factors[0])
			if each {
				text = channelNumbers(factors)
			}
			explanation := fmt.Sprintf("the candidate's input is the reference's times %s", text)
			if !zero(by) {
				explanation += " plus " + channelNumbers(by)
			}
			list = append(list, s.fedVariant(out, text, explanation))
		}
		return list
	},
}

func shiftedBy(list []float64, by float64) []float64 {
	out := make([]float64, len(list))
	for i, v := range list {
		out[i] = v + by
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
		if math.Abs(f-1) < 1e-6 {
			f = 1
		}
		b := my[c] - f*mx[c]
		if math.Abs(b) < 1e-5*(math.Abs(my[c])+math.Abs(f*mx[c])) {
			b = 0
		}
		factors, by = append(factors, f), append(by, b)
	}
	return factors, by
}
