package cause

import (
	"fmt"

	"parity/googlenet/tensor"
)

var inputCrop = &Cause{
	ID:      "input.crop",
	Title:   "the input was cut out of the picture at another place",
	Symptom: "The inputs agree once one of them is moved by some pixels.",
	Why:     "The middle of an odd number of pixels is rounded up or down, the picture was cropped at its corner, or at random as in training.",
	Fix: Fixes{
		Caffe: "transform_param { crop_size: N } with phase TEST", TensorFlow: "the offsets of tf.image.crop_to_bounding_box", Keras: "CenterCrop", PyTorch: "transforms.CenterCrop", ONNX: "crop at the same offsets",
	},
	Break: func(p *Port) []Fault {
		h, w := p.Input.Shape[2], p.Input.Shape[3]
		var list []Fault
		for _, by := range [][2]int{{1, 0}, {0, -1}, {2, 1}, {-h / 5, w / 4}} {
			list = append(list, fedFault(p, fmt.Sprintf("%d down, %d right", by[0], by[1]), false, func(t *tensor.Tensor[float32], n, c, y, x int, _ float64) float64 {
				y, x = y+by[0], x+by[1]
				if y >= 0 && y < h && x >= 0 && x < w {
					return pixel(t, n, c, y, x)
				}
				// What lies beyond the reference's picture goes on like its edge, in whole grey levels.
				return pixel(t, n, c, min(max(y, 0), h-1), min(max(x, 0), w-1)) + float64((3*y+5*x+c)%7-3)
			}))
		}
		return list
	},
	Variants: func(s *Segment) []Variant {
		t := s.picture()
		if t == nil {
			return nil
		}
		dy, dx, ok := s.offset()
		if !ok {
			return nil
		}
		moved := s.mapped(t, func(c, y, x int) (int, int, int) { return c, y + dy, x + dx })
		at := fmt.Sprintf("%d rows down, %d columns right", dy, dx)
		v := s.fedVariant(moved, at, "the candidate's input starts at another place of the picture: "+at).solving(2)
		v.copied = outside(t, dy, dx)
		return []Variant{v}
	},
}

// offset looks for the movement, of at most a third of the picture, under which rows of the two inputs agree. It compares a few
// places first.
func (s *Segment) offset() (dy, dx int, ok bool) {
	t := s.picture()
	h, w := t.Shape[2], t.Shape[3]
	at := func(y, x int) int { return y*w + x }
	agrees := func(dy, dx, step int) bool {
		seen := 0
		for y := max(0, -dy); y < min(h, h-dy); y += step {
			for x := max(0, -dx); x < min(w, w-dx); x += step {
				a, b := t.Data[at(y+dy, x+dx)], s.Candidate.Data[at(y, x)]
				if d := a - b; !(d < 1e-3 && d > -1e-3) {
					return false
				}
				seen++
			}
		}
		return seen > 0
	}
	for dy := -h / 3; dy <= h/3; dy++ {
		for dx := -w / 3; dx <= w/3; dx++ {
			if (dy != 0 || dx != 0) && agrees(dy, dx, 7) && agrees(dy, dx, 1) {
				return dy, dx, true
			}
		}
	}
	return 0, 0, false
}

// outside are the elements that lie outside of the reference's picture, once it is moved: what the candidate has there is not
// known, and proves nothing.
func outside(t *tensor.Tensor[float64], dy, dx int) []bool {
	h, w := t.Shape[2], t.Shape[3]
	list := make([]bool, len(t.Data))
	for at := range list {
		y, x := at/w%h+dy, at%w+dx
		list[at] = y < 0 || y >= h || x < 0 || x >= w
	}
	return list
}
