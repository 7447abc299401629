package cause

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

var inputPadBeforeMean = &Cause{
	ID:      "input.pad-before-mean",
	Title:   "the picture was padded before the mean was subtracted, or after",
	Symptom: "The interior of the inputs is exact; a frame around it differs by a constant for each channel, the mean.",
	Why:     "Black pixels around a picture become minus the mean if it is padded first, zeros remain zeros if it is padded last.",
	Fix: Fixes{
		Caffe: "subtract the mean, then pad", TensorFlow: "subtract the mean before tf.pad", Keras: "the same", PyTorch: "Normalize before Pad", ONNX: "the same",
	},
	Break: func(p *Port) []Fault {
		frame := frameOf(p.Input)
		if frame == 0 {
			return nil
		}
		h, w := p.Input.Shape[2], p.Input.Shape[3]
		return []Fault{fedFault(p, fmt.Sprintf("a frame of %d", frame), true, func(t *tensor.Tensor[float32], n, c, y, x int, size float64) float64 {
			v := pixel(t, n, c, y, x)
			if y < frame || x < frame || y >= h-frame || x >= w-frame {
				v -= size * []float64{104, 117, 123, 110, 131}[c]
			}
			return v
		})}
	},
	Variants: func(s *Segment) []Variant {
		t := s.picture()
		if t == nil {
			return nil
		}
		h, w, channels := t.Shape[2], t.Shape[3], t.Shape[1]
		top, left, bottom, right := h, w, h, w // rows and columns that agree end here, from each side
		for at, v := range t.Data {
			if math.Abs(v-s.Candidate.Data[at]) < 1e-4 {
				y, x := at/w%h, at%w
				top, left, bottom, right = min(top, y), min(left, x), min(bottom, h-1-y), min(right, w-1-x)
			}
		}
		if top == h || top+left+bottom+right == 0 || (h-top-bottom)*(w-left-right)*2 < h*w {
			return nil
		}
		by := make([]float64, channels)
		out := t.Clone()
		first := make([]bool, channels)
		for at, v := range t.Data {
			y, x, c := at/w%h, at%w, at/(w*h)%channels
			if y >= top && x >= left && y < h-bottom && x < w-right {
				continue
			}
			if !first[c] {
				first[c], by[c] = true, s.Candidate.Data[at]-v
			}
			out.Data[at] = v + by[c]
		}
		if zero(by) {
			return nil
		}
		return []Variant{s.fedVariant(out, channelNumbers(by),
			fmt.Sprintf("the frame of %d, %d, %d and %d cells (top, left, bottom, right) differs by %s: it was padded before the mean was subtracted", top, left, bottom, right, channelNumbers(by)))}
	},
}

// frameOf is the width of the frame of one colour around a picture, on all sides; 0 for none.
func frameOf(x *tensor.Tensor[float32]) int {
	s := x.Shape
	width := min(s[2], s[3])
	for at, v := range x.Data {
		y, w := at/s[3]%s[2], at%s[3]
		if v != x.Data[at/(s[2]*s[3])*s[2]*s[3]] {
			width = min(width, y, w, s[2]-1-y, s[3]-1-w)
		}
	}
	return width
}
