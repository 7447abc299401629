package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var lrnWindow = &Cause{
	ID:      "lrn.window",
	Title:   "the normalisation sums over another number of channels",
	Symptom: "Outputs are smaller (a wider window) or larger by an amount that depends on the neighbouring channels.",
	Why:     "TensorFlow states the radius r of a window of 2r+1 channels, the others its size: local_size 5 is depth_radius 2, and TensorFlow's default is a radius of 5.",
	Fix: Fixes{
		Caffe: "lrn_param { local_size: N }", TensorFlow: "tf.nn.local_response_normalization(x, depth_radius=(N - 1) // 2)",
		Keras: "the same in the Lambda layer", PyTorch: "nn.LocalResponseNorm(N)", ONNX: "the attribute size of LRN",
	},
	Variants: func(s *Segment) []Variant {
		return append(spatialWindows(s), settings(s, "the window", func(_ *graph.Node, l layer.LRN, _ tensor.Shape) []setting {
			sizes := []int{2*l.Size + 1, 2*(l.Size/2)/2*2 + 1}
			if d, ok := declared[layer.LRN](s); ok {
				sizes = append([]int{d.Size}, sizes...)
			}
			for size := 1; size <= 15; size += 2 {
				sizes = append(sizes, size)
			}
			var list []setting
			seen := map[int]bool{l.Size: true}
			for _, size := range sizes {
				if seen[size] {
					continue
				}
				seen[size] = true
				changed := l
				changed.Size = size
				// The plain factor or, where a framework divides by the size, the stated one is kept.
				list = append(list, setting{changed, fmt.Sprintf("%d channels", l.Size), fmt.Sprintf("%d channels", size)})
				changed.Alpha = l.Alpha * float64(l.Size) / float64(size)
				list = append(list, setting{changed, fmt.Sprintf("%d channels", l.Size), fmt.Sprintf("%d channels, by which alpha is divided", size)})
			}
			return list
		})...)
	},
}

// spatialWindows are other windows of the normalisation within a channel, with the factor of the sum of squares or that of
// their mean kept.
func spatialWindows(s *Segment) []Variant {
	return settings(s, "the window", func(_ *graph.Node, l layer.SpatialLRN, _ tensor.Shape) []setting {
		var list []setting
		for size := 1; size <= 15; size += 2 {
			if size == l.Size {
				continue
			}
			reference, candidate := fmt.Sprintf("%d x %d cells", l.Size, l.Size), fmt.Sprintf("%d x %d cells", size, size)
			changed := l
			changed.Size = size
			list = append(list, setting{changed, reference, candidate})
			changed.Alpha = l.Alpha * float64(l.Size*l.Size) / float64(size*size)
			list = append(list, setting{changed, reference, candidate + ", by which alpha is divided"})
		}
		return list
	})
}
