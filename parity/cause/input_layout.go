package cause

import "parity/googlenet/tensor"

var inputLayout = &Cause{
	ID:      "input.layout",
	Title:   "the input's bytes were read in another layout",
	Symptom: "The inputs hold the same numbers in other places; the picture looks like nine small grey ones, or is transposed.",
	Why:     "An HWC array was reshaped to CHW (or the reverse) where it should have been transposed, or height and width were swapped.",
	Fix: Fixes{
		Caffe: "transformer.set_transpose('data', (2, 0, 1))", TensorFlow: "np.transpose(x, (0, 2, 3, 1)), not reshape", Keras: "the same", PyTorch: "x.permute(0, 3, 1, 2)", ONNX: "np.transpose(x, (0, 3, 1, 2))",
	},
	Break: func(p *Port) []Fault {
		s := p.Input.Shape
		channels, h, w := s[1], s[2], s[3]
		at := func(what string, from func(c, y, x int) int) Fault {
			return fedFault(p, what, false, func(t *tensor.Tensor[float32], n, c, y, x int, _ float64) float64 {
				return float64(t.Data[n*channels*h*w+from(c, y, x)])
			})
		}
		list := []Fault{at("columns first", func(c, y, x int) int { return c*h*w + (y*w+x)%h*w + (y*w+x)/h })}
		if channels > 1 {
			list = append(list,
				at("NCHW read as NHWC", func(c, y, x int) int { return (y*w+x)*channels + c }),
				at("NHWC read as NCHW", func(c, y, x int) int { i := (c*h+y)*w + x; return i%channels*h*w + i/channels }))
		}
		return list
	},
	Variants: func(s *Segment) []Variant {
		x := s.picture()
		if x == nil {
			return nil
		}
		n, c, h, w := x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]
		list := []Variant{
			s.fedVariant(tensor.Permute(tensor.From(x.Data, n, h, w, c), 0, 3, 1, 2), "NCHW read as NHWC", "the candidate's input is the reference's bytes (NCHW) read as NHWC"),
			s.fedVariant(tensor.From(tensor.Permute(x, 0, 2, 3, 1).Data, n, c, h, w), "NHWC read as NCHW", "the candidate's input is the reference's in NHWC, its bytes read as NCHW"),
		}
		if h == w {
			list = append(list, s.fedVariant(tensor.Permute(x, 0, 1, 3, 2), "transposed", "the candidate's input has height and width swapped"))
		} else {
			list = append(list, s.fedVariant(tensor.From(tensor.Permute(x, 0, 1, 3, 2).Data, n, c, h, w), "columns first", "the candidate's input is the reference's column by column, read row by row"))
		}
		return list
	},
}
