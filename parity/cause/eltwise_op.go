package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var eltwiseOp = &Cause{
	ID:      "eltwise.op",
	Title:   "the inputs are joined by another operation",
	Symptom: "Sums where the reference has products or maxima: the sizes of the values are wrong from here on.",
	Why:     "Caffe numbers its operations PROD 0, SUM 1, MAX 2; converters that write the number, or know only addition, exchange them.",
	Fix: Fixes{
		Caffe: "eltwise_param { operation: SUM }", TensorFlow: "tf.add, tf.multiply or tf.maximum", Keras: "Add, Multiply or Maximum", PyTorch: "x + y, x * y or torch.maximum", ONNX: "Add, Mul or Max",
	},
	Break: func(p *Port) []Fault {
		return remade(p, func(_ *graph.Node, l layer.Eltwise) []remake {
			var list []remake
			for _, to := range []layer.Combination{layer.EltwiseSum, layer.EltwiseProduct, layer.EltwiseMaximum} {
				if to != l.Combination {
					list = append(list, remake{to.String(), layer.Eltwise{Combination: to}})
				}
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			l, ok := n.Layer.(layer.Eltwise)
			if !ok {
				continue
			}
			for _, other := range []layer.Combination{layer.EltwiseSum, layer.EltwiseProduct, layer.EltwiseMaximum} {
				if other == l.Combination {
					continue
				}
				list = append(list, Variant{
					Nodes: s.WithLayer(n, layer.Eltwise{Combination: other}), Layer: n,
					Parameters:  map[string]string{"reference": l.Combination.String(), "candidate": other.String()},
					Explanation: fmt.Sprintf("the reference takes the %s of its inputs, the candidate the %s", l.Combination, other),
				})
			}
		}
		return list
	},
}
