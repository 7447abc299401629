package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var lrnBeta = &Cause{
	ID:      "lrn.beta",
	Title:   "the normalisation's beta is another one",
	Symptom: "The logarithm of the gain is off by one factor everywhere.",
	Why:     "TensorFlow's default is 0.5, that of the others 0.75: a port that leaves the argument out changes it.",
	Fix: Fixes{
		Caffe: "lrn_param { beta: B }", TensorFlow: "tf.nn.local_response_normalization(x, beta=B)",
		Keras: "the same in the Lambda layer", PyTorch: "nn.LocalResponseNorm(size, beta=B)", ONNX: "the attribute beta of LRN",
	},
	Break: func(p *Port) []Fault {
		return append(
			resized(p, "any", func(l layer.LRN, size float64) layer.LRN { l.Beta += 0.25 * size; return l }),
			resized(p, "any", func(l layer.SpatialLRN, size float64) layer.SpatialLRN { l.Beta += 0.25 * size; return l })...)
	},
	Variants: func(s *Segment) []Variant {
		return s.responses("beta", func(r response) float64 { return r.beta },
			func(r response, v float64) response { r.beta = v; return r },
			func(n *graph.Node, r response) []trial {
				// log(x/y) = beta log(k + alpha sum)
				list := s.solveResponse(n, r, func(ratio, sum float64) float64 { return math.Log(ratio) / math.Log(r.k+r.alpha*sum) })
				return append(usual(0.5, 0.75, 1), list...)
			})
	},
}
