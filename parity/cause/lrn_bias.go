package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var lrnBias = &Cause{
	ID:      "lrn.bias",
	Title:   "the constant k of the normalisation is another one",
	Symptom: "Where activations are small all outputs have one gain, (k / k')^beta, 0.59 for 2 instead of 1; where they are large less.",
	Why:     "AlexNet's paper has k = 2, Caffe's GoogLeNet 1; libraries have either as their default.",
	Fix: Fixes{
		Caffe: "lrn_param { k: K }", TensorFlow: "tf.nn.local_response_normalization(x, bias=K)",
		Keras: "the same in the Lambda layer", PyTorch: "nn.LocalResponseNorm(size, k=K)", ONNX: "the attribute bias of LRN",
	},
	Break: func(p *Port) []Fault {
		return resized(p, "any", func(l layer.LRN, size float64) layer.LRN { l.K += size; return l })
	},
	Variants: func(s *Segment) []Variant {
		return s.responses("k", func(r response) float64 { return r.k },
			func(r response, v float64) response { r.k = v; return r },
			func(n *graph.Node, r response) []trial {
				if r.spatial {
					return nil
				}
				// (x/y)^(1/beta) = k + alpha sum
				list := s.solveResponse(n, r, func(ratio, sum float64) float64 { return math.Pow(ratio, 1/r.beta) - r.alpha*sum })
				return append(usual(1, 2), list...)
			})
	},
}
