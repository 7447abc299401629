package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var lrnRegion = &Cause{
	ID:      "lrn.region",
	Title:   "the normalisation runs over the map instead of across channels, or the reverse",
	Symptom: "The ratio of the two sides is smooth over the map; where activations are small they agree.",
	Why:     "Caffe has both (norm_region), TensorFlow and ONNX only the one across channels, which converters write for either.",
	Fix: Fixes{
		Caffe: "lrn_param { norm_region: ACROSS_CHANNELS } or WITHIN_CHANNEL", TensorFlow: "for WITHIN_CHANNEL: x / (1 + alpha * avg_pool(x^2))^beta", Keras: "the same in a Lambda layer",
		PyTorch: "nn.LocalResponseNorm is the one across channels", ONNX: "LRN is the one across channels",
	},
	Break: func(p *Port) []Fault {
		return append(
			remade(p, func(_ *graph.Node, l layer.LRN) []remake {
				area := float64(l.Size)
				return []remake{{"within", layer.SpatialLRN{Size: l.Size, Alpha: l.Alpha / area, Beta: l.Beta}}, {"within, the same factor", layer.SpatialLRN{Size: l.Size, Alpha: l.Alpha, Beta: l.Beta}}}
			}),
			remade(p, func(_ *graph.Node, l layer.SpatialLRN) []remake {
				return []remake{{"across", layer.LRN{Size: l.Size, Alpha: l.Alpha * float64(l.Size), Beta: l.Beta, K: 1}}, {"across, the same factor", layer.LRN{Size: l.Size, Alpha: l.Alpha, Beta: l.Beta, K: 1}}}
			})...)
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			var tries []layer.Layer
			switch l := n.Layer.(type) {
			case layer.LRN:
				size := float64(l.Size)
				for _, alpha := range []float64{l.Alpha / size, l.Alpha, l.Alpha * size} {
					tries = append(tries, layer.SpatialLRN{Size: l.Size, Alpha: alpha, Beta: l.Beta})
				}
			case layer.SpatialLRN:
				size := float64(l.Size)
				for _, alpha := range []float64{l.Alpha * size, l.Alpha, l.Alpha * size * size} {
					tries = append(tries, layer.LRN{Size: l.Size, Alpha: alpha, Beta: l.Beta, K: 1})
				}
			}
			words := map[bool]string{true: "across channels", false: "within each channel"}
			_, across := n.Layer.(layer.LRN)
			for _, to := range tries {
				list = append(list, Variant{
					Nodes: s.WithLayer(n, to), Layer: n, Parameters: map[string]string{"reference": words[across], "candidate": words[!across]},
					Explanation: fmt.Sprintf("the reference normalises %s, the candidate %s", words[across], words[!across]),
				})
			}
		}
		return list
	},
}
