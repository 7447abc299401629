package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var lrnAlpha = &Cause{
	ID:    "lrn.alpha",
	Title: "the normalisation's alpha is another one",
	Symptom: "Outputs shrink or grow with the size of their neighbourhood; where activations are small nothing differs. Taken for " +
		"a gain, it is between 0.4 and 1 on the first layers of GoogLeNet.",
	Why: "Caffe, PyTorch and ONNX divide alpha by the number of channels in the window, TensorFlow and the paper do not: a port " +
		"that copies alpha = 1e-4 from Caffe has to write 2e-5 for a window of five.",
	Fix: Fixes{
		Caffe:      "lrn_param { alpha: A } with A = size times the plain factor",
		TensorFlow: "tf.nn.local_response_normalization(x, alpha=A) with A = Caffe's alpha / size",
		Keras:      "a Lambda layer around tf.nn.local_response_normalization with alpha = Caffe's alpha / size",
		PyTorch:    "nn.LocalResponseNorm(size, alpha=A) with Caffe's A",
		ONNX:       "LRN with alpha = Caffe's alpha and size = local_size",
	},
	Break: func(p *Port) []Fault {
		return append(append(
			resized(p, "any", func(l layer.LRN, size float64) layer.LRN { l.Alpha *= 1 + size; return l }),
			resized(p, "any", func(l layer.SpatialLRN, size float64) layer.SpatialLRN { l.Alpha *= 1 + size; return l })...),
			remade(p, func(_ *graph.Node, l layer.LRN) []remake {
				times, over := l, l
				times.Alpha *= float64(l.Size)
				over.Alpha /= float64(l.Size)
				return []remake{{"not divided", times}, {"divided twice", over}}
			})...)
	},
	Variants: func(s *Segment) []Variant {
		return s.responses("alpha (as it multiplies the sum of squares)", func(r response) float64 { return r.alpha },
			func(r response, v float64) response { r.alpha = v; return r },
			func(n *graph.Node, r response) []trial {
				// x/y = (k + alpha sum)^beta
				list := s.solveResponse(n, r, func(ratio, sum float64) float64 { return (math.Pow(ratio, 1/r.beta) - r.k) / sum })
				size := float64(r.size)
				return append(usual(r.alpha*r.cells(), r.alpha/r.cells(), r.alpha*size, r.alpha/size), list...)
			})
	},
}
