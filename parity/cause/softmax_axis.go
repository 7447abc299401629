package cause

import (
	"fmt"
	"strconv"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var softmaxAxis = &Cause{
	ID:      "softmax.axis",
	Title:   "the softmax runs along another axis",
	Symptom: "The probabilities of one image do not add up to 1, but those along another axis do.",
	Why:     "Frameworks take the last axis for the classes (NHWC), Caffe the second; a map of scores keeps its shape either way.",
	Fix: Fixes{
		Caffe: "softmax_param { axis: 1 }", TensorFlow: "tf.nn.softmax(x, axis=-1) for NHWC", Keras: "Softmax(axis=-1)", PyTorch: "torch.softmax(x, dim=1)", ONNX: "the attribute axis",
	},
	Break: func(p *Port) []Fault {
		return remade(p, func(n *graph.Node, l layer.Softmax) []remake {
			var list []remake
			for axis, extent := range p.Shapes[n.Outputs[0]] {
				if axis != l.Axis && extent > 1 {
					list = append(list, remake{fmt.Sprint(axis), layer.Softmax{Axis: axis}})
				}
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		return append(otherAxes(s, "the softmax runs along axis %d (NCHW) in the reference, along %d in the candidate",
			func(l layer.Softmax) int { return l.Axis },
			func(axis int) layer.Softmax { return layer.Softmax{Axis: axis} }), s.flatSoftmax()...)
	},
}

// flatSoftmax runs over everything that belongs to an image.
func (s *Segment) flatSoftmax() []Variant {
	var list []Variant
	for _, n := range s.softmaxes() {
		in := s.shape(n.Inputs[0])
		if len(in) < 3 {
			continue
		}
		flat, row := n.Name+"#flat", n.Name+"#row"
		list = append(list, Variant{
			Nodes: s.With(n,
				&graph.Node{Name: flat, Layer: layer.Reshape{Shape: []int{in[0], in[1:].Len()}}, Inputs: n.Inputs, Outputs: []string{flat}},
				&graph.Node{Name: row, Layer: layer.Softmax{Axis: 1}, Inputs: []string{flat}, Outputs: []string{row}},
				&graph.Node{Name: n.Name, Layer: layer.Reshape{Shape: in}, Inputs: []string{row}, Outputs: n.Outputs}),
			Layer: n, Parameters: map[string]string{"reference": strconv.Itoa(n.Layer.(layer.Softmax).Axis), "candidate": "all but the first"},
			Explanation: "the softmax runs along the channels in the reference, over channels and map together in the candidate",
		})
	}
	return list
}
