package cause

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var biasMissing = &Cause{
	ID:      "bias.missing",
	Title:   "the bias is missing",
	Symptom: "Each output channel is off by a constant, the reference's bias; cosine similarity stays above 0.999.",
	Why:     "It was lost in the conversion, or the layer was built with use_bias=False.",
	Fix: Fixes{
		Caffe: "bias_term: true", TensorFlow: "tf.nn.bias_add(y, b)", Keras: "use_bias=True and both arrays in set_weights", PyTorch: "bias=True", ONNX: "the third input of Conv or Gemm",
	},
	Break: func(p *Port) []Fault {
		return breakWeights(p, 1, func(n *graph.Node, b *tensor.Tensor[float32]) []Fault {
			return []Fault{changedParam(n, 1, "", false, func(int, float64, float64) float64 { return 0 })}
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.weighted() {
			if len(n.Params) < 2 {
				continue
			}
			zero := tensor.New[float32](n.Params[1].Value.Dims()...)
			list = append(list, Variant{
				Nodes: s.withBias(n, zero), Layer: n, Parameters: map[string]string{"reference": "a bias", "candidate": "none"},
				Explanation: fmt.Sprintf("the candidate's %s has no bias", n.Layer.Kind()),
			})
		}
		return list
	},
}

func (s *Segment) withBias(n *graph.Node, b tensor.Any) []*graph.Node {
	changed := *n.As(n.Layer, n.Params)
	changed.Params = slices.Clone(n.Params)
	changed.Params[1] = &graph.Param{Name: n.Params[1].Name, Value: b}
	return s.With(n, &changed)
}
