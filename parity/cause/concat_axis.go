package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var concatAxis = &Cause{
	ID:      "concat.axis",
	Title:   "the inputs are joined along another axis",
	Symptom: "The output has another shape: taller or wider instead of deeper.",
	Why:     "Channels are axis 1 in Caffe, the last in TensorFlow; an axis that was copied joins rows.",
	Fix: Fixes{
		Caffe: "concat_param { axis: 1 }", TensorFlow: "tf.concat(list, axis=-1) for NHWC", Keras: "Concatenate(axis=-1)", PyTorch: "torch.cat(list, dim=1)", ONNX: "axis=1",
	},
	Break: func(p *Port) []Fault {
		return remade(p, func(n *graph.Node, l layer.Concat) []remake {
			var list []remake
			for axis := range p.Shapes[n.Outputs[0]] {
				if axis != l.Axis {
					list = append(list, remake{fmt.Sprint(axis), layer.Concat{Axis: axis}})
				}
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		return otherAxes(s, "the reference joins along axis %d (NCHW), the candidate along %d",
			func(l layer.Concat) int { return l.Axis },
			func(axis int) layer.Concat { return layer.Concat{Axis: axis} })
	},
}
