package cause

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var poolWindow = &Cause{
	ID:      "pool.window",
	Title:   "the pool has a window of another size",
	Symptom: "The means of a max pool are lower (a smaller window) or higher by one factor, while positions agree.",
	Why:     "Versions of one network differ here: TensorFlow's inception_v1 has a 2x2 window in its fourth pool, the paper and Caffe 3x3.",
	Fix: Fixes{
		Caffe: "pooling_param { kernel_size: K }", TensorFlow: "tf.nn.max_pool2d(x, ksize=K, ...)", Keras: "MaxPooling2D(pool_size=K)",
		PyTorch: "nn.MaxPool2d(K, ...)", ONNX: "the attribute kernel_shape",
	},
	Break: func(p *Port) []Fault {
		return breakPools(p, func(w layer.Pool, _, _ tensor.Shape) []remadePool {
			var list []remadePool
			for _, k := range [][2]int{{1, 1}, {2, 2}, {3, 3}, {5, 5}, {w.Kernel[1], w.Kernel[0]}} {
				to := w
				if to.Kernel = k; k != w.Kernel && !w.Global && w.Padding.Top < k[0] && w.Padding.Left < k[1] {
					list = append(list, remadePool{extents(k), to})
				}
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		return poolSettings(s, "the window", func(p layer.Pool, in tensor.Shape) []poolSetting {
			if p.Global || len(in) != 4 || len(s.Candidate.Shape) != 4 {
				return nil
			}
			tries := [][2]int{{p.Kernel[1], p.Kernel[0]}}
			if d, ok := s.declaredPool(); ok && !d.Global {
				tries = append([][2]int{d.Kernel}, tries...)
			}
			for k := 1; k <= 7; k++ {
				tries = append(tries, [2]int{k, k}, [2]int{p.Kernel[0], k}, [2]int{k, p.Kernel[1]})
			}
			var list []poolSetting
			for _, k := range tries {
				if k == p.Kernel {
					continue
				}
				for _, changed := range s.poolsOfSize(p, in, k) {
					list = append(list, poolSetting{changed, extents(p.Kernel), extents(k)})
				}
			}
			return list
		})
	},
}

// poolsOfSize returns pools with another kernel and the paddings under which the output has the candidate's size.
func (s *Segment) poolsOfSize(p layer.Pool, in tensor.Shape, kernel [2]int) []layer.Pool {
	changed := p
	changed.Kernel = kernel
	list := []layer.Pool{changed}
	for _, padding := range []layer.Padding{{Mode: layer.SameUpper}, {}} {
		other := changed
		other.Padding, other.Ceil, other.Clip = padding, false, false
		list = append(list, other)
	}
	if d, ok := s.declaredPool(); ok && d.Kernel == kernel {
		list = append([]layer.Pool{d}, list...)
	}
	return list
}
