package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var convStride = &Cause{
	ID:      "conv.stride",
	Title:   "the convolution moves in other steps",
	Symptom: "The output has another size, or, with its axes swapped, the size of a transposed one.",
	Why:     "The stride was moved to a neighbouring layer, or height and width were swapped.",
	Fix: Fixes{
		Caffe: "convolution_param { stride: S }", TensorFlow: "tf.nn.conv2d(..., strides=[1, S, S, 1])", Keras: "Conv2D(strides=S)",
		PyTorch: "nn.Conv2d(stride=S)", ONNX: "the attribute strides of Conv",
	},
	Variants: func(s *Segment) []Variant {
		return settings(s, "the stride", func(_ *graph.Node, l layer.Convolution, in tensor.Shape) []setting {
			tries := [][2]int{{1, 1}, {2, 2}, {3, 3}, {4, 4}, {l.Stride[1], l.Stride[0]}}
			if d, ok := declared[layer.Convolution](s); ok {
				tries = append([][2]int{d.Stride}, tries...)
			}
			return windowSettings(l.Stride, tries, func(stride [2]int) []layer.Layer {
				changed := l
				changed.Stride = stride
				return append([]layer.Layer{changed}, s.keepSize(changed, in)...)
			})
		})
	},
}
