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
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.Layer) []Fault {
			w, ok := windowOf(l)
			if !ok {
				return nil
			}
			var list []Fault
			for _, stride := range [][2]int{{1, 1}, {2, 2}, {1, 2}, {2, 1}, {3, 3}} {
				to := w
				if to.Stride = stride; stride != w.Stride {
					list = append(list, Fault{Layer: n.Name, What: extents(stride), Make: func(p *Port, _ float64) { p.Graph.Node(n.Name).Layer = withWindow(l, to) }})
				}
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		return settings(s, "the stride", func(_ *graph.Node, l layer.Convolution, in tensor.Shape) []setting {
			tries := append([][2]int{{l.Stride[1], l.Stride[0]}}, extentPairs(4)...)
			return windowSettings(l.Stride, s.declaredWindow(func(w layer.Window) [2]int { return w.Stride }), tries, func(stride [2]int) []layer.Layer {
				changed := l
				changed.Stride = stride
				return append([]layer.Layer{changed}, s.keepSize(changed, in)...)
			})
		})
	},
}
