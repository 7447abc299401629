package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var dropoutScale = &Cause{
	ID:      "dropout.scale",
	Title:   "what dropout passes on is scaled",
	Symptom: "Everything behind the dropout layer is off by one factor: the share of what is kept, or its inverse.",
	Why: "Caffe, TensorFlow and PyTorch scale in training, older implementations in inference; converters also take Caffe's dropout_ratio for the " +
		"probability to keep.",
	Fix: Fixes{
		Caffe: "scale_train: true", TensorFlow: "remove the product from the inference graph", Keras: "remove the product", PyTorch: "remove the product", ONNX: "remove the Mul node",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.Dropout) []Fault {
			times := func(what string, f float64) Fault {
				return Fault{Layer: n.Name, What: what, Make: func(p *Port, _ float64) {
					p.Graph.Node(n.Name).Layer = layer.Power{Power: 1, Scale: f}
				}}
			}
			return []Fault{times("what is kept", 1-l.Ratio), times("what is dropped", l.Ratio), times("its inverse", 1/(1-l.Ratio))}
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.dropouts(func(n *graph.Node, l layer.Dropout) []Variant {
			factors := append(s.declaredFactor(), usual(1-l.Ratio, l.Ratio, 1/(1-l.Ratio), 1/l.Ratio)...)
			if _, factor, dropped := s.kept(n); dropped == 0 {
				factors = append(factors, solved(rounded(factor)...)...)
			}
			var list []Variant
			for _, t := range otherThan(1, factors) {
				f := t.value
				list = append(list, t.mark(Variant{
					Nodes: s.scaled(n, f), Layer: n, Parameters: map[string]string{"reference": "1", "candidate": number(f)},
					Explanation: fmt.Sprintf("the candidate multiplies by %s where the reference's dropout passes everything on", number(f)),
				}))
			}
			return list
		})
	},
}
