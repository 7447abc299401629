package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var convDilation = &Cause{
	ID:      "conv.dilation",
	Title:   "the convolution spreads its kernel differently",
	Symptom: "All channels are wrong although the weights agree; oriented filters most.",
	Why:     "A converter that ignores the dilation, or swaps its two axes, keeps the size of the output when it pads to keep it.",
	Fix: Fixes{
		Caffe: "convolution_param { dilation: D }", TensorFlow: "tf.nn.conv2d(..., dilations=[1, D, D, 1])", Keras: "Conv2D(dilation_rate=D)",
		PyTorch: "nn.Conv2d(dilation=D)", ONNX: "the attribute dilations of Conv",
	},
	Variants: func(s *Segment) []Variant {
		return settings(s, "the dilation", func(_ *graph.Node, l layer.Convolution, in tensor.Shape) []setting {
			tries := [][2]int{{1, 1}, {2, 2}, {3, 3}, {4, 4}, {l.Dilation[1], l.Dilation[0]}}
			if d, ok := declared[layer.Convolution](s); ok {
				tries = append([][2]int{d.Dilation}, tries...)
			}
			return windowSettings(l.Dilation, tries, func(d [2]int) []layer.Layer {
				changed := l
				changed.Dilation = d
				return append([]layer.Layer{changed}, s.keepSize(changed, in)...)
			})
		})
	},
}

// keepSize returns the changed convolution with the paddings under which its output has the candidate's size.
func (s *Segment) keepSize(changed layer.Convolution, in tensor.Shape) []layer.Layer {
	var list []layer.Layer
	if len(in) != 4 || len(s.Candidate.Shape) != 4 {
		return nil
	}
	if p, ok := s.declaredPadding(); ok {
		padded := changed
		padded.Padding = p
		list = append(list, padded)
	}
	same := changed
	same.Padding = layer.Padding{Mode: layer.SameUpper}
	total := func(axis int) int {
		extent := (changed.Kernel[axis]-1)*changed.Dilation[axis] + 1
		return max((s.Candidate.Shape[2+axis]-1)*changed.Stride[axis]+extent-in[2+axis], 0)
	}
	h, w := total(0), total(1)
	symmetric := changed
	symmetric.Padding = layer.Padding{Top: h / 2, Left: w / 2, Bottom: h - h/2, Right: w - w/2}
	return append(list, same, symmetric)
}

// windowSettings lists settings of a pair for height and width.
func windowSettings(own [2]int, tries [][2]int, change func([2]int) []layer.Layer) []setting {
	var list []setting
	seen := map[[2]int]bool{own: true}
	for _, v := range tries {
		if seen[v] || v[0] < 1 || v[1] < 1 {
			continue
		}
		seen[v] = true
		for _, l := range change(v) {
			list = append(list, setting{l, extents(own), extents(v)})
		}
	}
	return list
}

func extents(v [2]int) string { return fmt.Sprintf("%dx%d", v[0], v[1]) }
