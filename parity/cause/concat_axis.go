package cause

import (
	"fmt"

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
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			l, ok := n.Layer.(layer.Concat)
			if !ok {
				continue
			}
			for axis := range s.shape(n.Inputs[0]) {
				if axis == l.Axis {
					continue
				}
				list = append(list, Variant{
					Nodes: s.WithLayer(n, layer.Concat{Axis: axis}), Layer: n,
					Parameters:  map[string]string{"reference": fmt.Sprint(l.Axis), "candidate": fmt.Sprint(axis)},
					Explanation: fmt.Sprintf("the reference joins along axis %d (NCHW), the candidate along %d", l.Axis, axis),
				})
			}
		}
		return list
	},
}
