package cause

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
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
	Break: func(p *Port) []Fault {
		return append(remade(p, func(_ *graph.Node, l layer.LRN) []remake {
			var list []remake
			for _, size := range []int{1, 3, 5, 7, 2*l.Size + 1} {
				plain, stated := l, l
				plain.Size, stated.Size = size, size
				stated.Alpha *= float64(l.Size) / float64(size)
				if size != l.Size {
					list = append(list, remake{fmt.Sprint(size), plain}, remake{fmt.Sprintf("%d, alpha divided by it", size), stated})
				}
			}
			return list
		}), remade(p, func(_ *graph.Node, l layer.SpatialLRN) []remake {
			var list []remake
			for _, size := range []int{3, 5, 7} {
				to := l
				if to.Size = size; size != l.Size {
					list = append(list, remake{fmt.Sprint(size), to})
				}
			}
			return list
		})...)
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			r, ok := responseOf(n.Layer)
			if !ok {
				continue
			}
			for _, size := range s.windows(r) {
				// The plain factor or, where a framework divides by the size, the stated one is kept.
				plain, divided := r, r
				plain.size, divided.size = size, size
				divided.alpha = r.alpha * r.cells() / divided.cells()
				list = append(list, s.windowVariant(n, r, plain, ""), s.windowVariant(n, r, divided, ", by which alpha is divided"))
			}
		}
		return list
	},
}

// windows lists other sizes: that of the candidate's graph, radius and size mistaken for each other, and the usual ones.
func (s *Segment) windows(r response) []int {
	sizes := []int{2*r.size + 1, 2*(r.size/2)/2*2 + 1}
	if d, ok := s.declaredResponse(); ok {
		sizes = append([]int{d.size}, sizes...)
	}
	for size := 1; size <= 15; size += 2 {
		sizes = append(sizes, size)
	}
	var list []int
	for _, size := range sizes {
		if size != r.size && !slices.Contains(list, size) {
			list = append(list, size)
		}
	}
	return list
}

func (s *Segment) windowVariant(n *graph.Node, r, to response, more string) Variant {
	unit := map[bool]string{false: "channels", true: "cells on each side"}[r.spatial]
	reference, candidate := fmt.Sprintf("%d %s", r.size, unit), fmt.Sprintf("%d %s%s", to.size, unit, more)
	return Variant{
		Nodes: s.WithLayer(n, to.layer()), Layer: n,
		Parameters:  map[string]string{"reference": reference, "candidate": candidate},
		Explanation: fmt.Sprintf("the window is %s in the reference, %s in the candidate", reference, candidate),
		Fix:         fmt.Sprintf("set the window to %s at %s", reference, s.counterpartName(n.Layer.Kind())),
	}
}
