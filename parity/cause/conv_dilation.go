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
	Break: func(p *Port) []Fault {
		return remade(p, func(_ *graph.Node, l layer.Convolution) []remake {
			var list []remake
			for _, d := range [][2]int{{1, 1}, {2, 2}, {3, 3}, {1, 2}, {2, 1}} {
				if l.Kernel == [2]int{1, 1} || d == l.Dilation || l.Padding.Mode != layer.Explicit {
					continue
				}
				to := l
				to.Dilation = d
				rows, columns := (l.Kernel[0]-1)*(d[0]-l.Dilation[0]), (l.Kernel[1]-1)*(d[1]-l.Dilation[1]) // by how much it reaches further
				if rows%2 != 0 || columns%2 != 0 {
					continue
				}
				to.Padding.Top, to.Padding.Bottom = l.Padding.Top+rows/2, l.Padding.Bottom+rows/2
				to.Padding.Left, to.Padding.Right = l.Padding.Left+columns/2, l.Padding.Right+columns/2
				if to.Padding.Top >= 0 && to.Padding.Left >= 0 {
					list = append(list, remake{extents(d), to})
				}
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		return settings(s, "the dilation", func(_ *graph.Node, l layer.Convolution, in tensor.Shape) []setting {
			tries := append([][2]int{{l.Dilation[1], l.Dilation[0]}}, extentPairs(4)...)
			return windowSettings(l.Dilation, s.declaredWindow(func(w layer.Window) [2]int { return w.Dilation }), tries, func(d [2]int) []layer.Layer {
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

// declaredWindow is a setting of the window of the candidate's convolution.
func (s *Segment) declaredWindow(of func(w layer.Window) [2]int) [][2]int {
	if d, ok := declared[layer.Convolution](s); ok {
		return [][2]int{of(d.Window)}
	}
	if d, ok := declared[layer.Deconvolution](s); ok {
		return [][2]int{of(d.Window)}
	}
	return nil
}

// windowSettings lists settings of a pair for height and width, those that the candidate's graph states first.
func windowSettings(own [2]int, stated, tries [][2]int, change func([2]int) []layer.Layer) []setting {
	var list []setting
	seen := map[[2]int]bool{own: true}
	for i, v := range append(stated, tries...) {
		if seen[v] || v[0] < 1 || v[1] < 1 {
			continue
		}
		seen[v] = true
		for _, l := range change(v) {
			list = append(list, setting{l, extents(own), extents(v), trial{stated: i < len(stated)}})
		}
	}
	return list
}

func extents(v [2]int) string { return fmt.Sprintf("%dx%d", v[0], v[1]) }

// extentPairs lists pairs of 1 to most for height and width, equal ones first.
func extentPairs(most int) [][2]int {
	var equal, mixed [][2]int
	for i := 1; i <= most; i++ {
		equal = append(equal, [2]int{i, i})
		for j := 1; j <= most; j++ {
			if i != j {
				mixed = append(mixed, [2]int{i, j})
			}
		}
	}
	return append(equal, mixed...)
}
