package cause

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var poolStride = &Cause{
	ID:      "pool.stride",
	Title:   "the pool moves in other steps",
	Symptom: "The output has another size, or, with the axes swapped, that of a transposed map.",
	Why:     "Keras and PyTorch take the window's size for the stride where none is given, Caffe and TensorFlow do not.",
	Fix: Fixes{
		Caffe: "pooling_param { stride: S }", TensorFlow: "tf.nn.max_pool2d(x, ..., strides=S)", Keras: "MaxPooling2D(strides=S)",
		PyTorch: "nn.MaxPool2d(k, stride=S)", ONNX: "the attribute strides",
	},
	Break: func(p *Port) []Fault {
		return breakPools(p, func(w layer.Pool, _, _ tensor.Shape) []remadePool {
			var list []remadePool
			for _, stride := range [][2]int{{1, 1}, {2, 2}, {1, 2}, {2, 1}, {3, 3}} {
				to := w
				if to.Stride = stride; stride != w.Stride && !w.Global {
					list = append(list, remadePool{extents(stride), to})
				}
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		return poolSettings(s, "the stride", func(p layer.Pool, in tensor.Shape) []poolSetting {
			if p.Global || len(in) != 4 {
				return nil
			}
			tries := append([][2]int{p.Kernel, {p.Stride[1], p.Stride[0]}}, extentPairs(3)...)
			if d, ok := s.declaredPool(); ok && !d.Global {
				tries = append([][2]int{d.Stride}, tries...)
			}
			var list []poolSetting
			for _, stride := range tries {
				if stride == p.Stride {
					continue
				}
				for _, padding := range []layer.Padding{p.Padding, {Mode: layer.SameUpper}, {}} {
					for _, ceil := range []bool{p.Ceil, !p.Ceil} {
						changed := p
						changed.Stride, changed.Padding, changed.Ceil = stride, padding, ceil
						list = append(list, poolSetting{changed, extents(p.Stride), extents(stride)})
					}
				}
			}
			return list
		})
	},
}
