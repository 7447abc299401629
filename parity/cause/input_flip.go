package cause

import "parity/googlenet/tensor"

var inputFlip = &Cause{
	ID:      "input.flip",
	Title:   "the input is mirrored",
	Symptom: "The input is the reference's read from right to left (or from the bottom); sorted values and classes agree nearly.",
	Why:     "Mirroring from training was left on, or a reader of bitmaps starts at the bottom.",
	Fix: Fixes{
		Caffe: "transform_param { mirror: false }", TensorFlow: "remove tf.image.random_flip_left_right", Keras: "horizontal_flip=False", PyTorch: "remove RandomHorizontalFlip", ONNX: "feed the picture as it is",
	},
	Break: func(p *Port) []Fault {
		h, w := p.Input.Shape[2], p.Input.Shape[3]
		turn := func(what string, at func(y, x int) (int, int)) Fault {
			return fedFault(p, what, false, func(t *tensor.Tensor[float32], n, c, y, x int, _ float64) float64 {
				y, x = at(y, x)
				return pixel(t, n, c, y, x)
			})
		}
		return []Fault{
			turn("left and right", func(y, x int) (int, int) { return y, w - 1 - x }),
			turn("top and bottom", func(y, x int) (int, int) { return h - 1 - y, x }),
			turn("both", func(y, x int) (int, int) { return h - 1 - y, w - 1 - x }),
		}
	},
	Variants: func(s *Segment) []Variant {
		t := s.picture()
		if t == nil {
			return nil
		}
		h, w := t.Shape[2], t.Shape[3]
		return []Variant{
			s.fedVariant(s.mapped(t, func(c, y, x int) (int, int, int) { return c, y, w - 1 - x }), "left and right", "the candidate's input is mirrored, left for right"),
			s.fedVariant(s.mapped(t, func(c, y, x int) (int, int, int) { return c, h - 1 - y, x }), "top and bottom", "the candidate's input stands on its head"),
			s.fedVariant(s.mapped(t, func(c, y, x int) (int, int, int) { return c, h - 1 - y, w - 1 - x }), "both", "the candidate's input is turned by 180 degrees"),
		}
	},
}
