package cause

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var structureShape = &Cause{
	ID:      "structure.shape",
	Title:   "the layer has another shape",
	Symptom: "The candidate's kernel has another size, or the layer another number of outputs; the weights cannot agree.",
	Why: "Published versions of one network differ: TensorFlow's inception_v1 has 3x3 convolutions in the branch that the paper calls 5x5, and 1001 " +
		"classes with one for the background.",
	Fix: Fixes{
		Caffe: "kernel_size and num_output of the layer", TensorFlow: "the shape of the kernel's variable", Keras: "filters and kernel_size", PyTorch: "out_channels and kernel_size", ONNX: "export a model of the same architecture",
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.weighted() {
			nodes, main := s.ported(n)
			if main == nil || main.Params[0].Value.Dims().Equal(n.Params[0].Value.Dims()) || main.Layer.Kind() != n.Layer.Kind() {
				continue
			}
			reference, candidate := n.Params[0].Value.Dims().String(), main.Params[0].Value.Dims().String()
			list = append(list, Variant{
				Nodes: s.With(n, nodes...), Layer: n, Parameters: map[string]string{"reference": reference, "candidate": candidate},
				Explanation: fmt.Sprintf("the weights have the shape %s in the reference, %s in the candidate", reference, candidate),
			})
		}
		return list
	},
}

// ported returns the candidate's nodes for a layer with weights, as they read and write the reference's values: padding,
// product and bias, and the one with the weights. It is nil unless there is exactly one of these.
func (s *Segment) ported(n *graph.Node) (nodes []*graph.Node, main *graph.Node) {
	value := n.Inputs[0]
	for _, c := range s.Counterpart {
		switch c.Layer.(type) {
		case layer.Convolution, layer.Deconvolution, layer.InnerProduct:
			if main != nil || len(c.Params) == 0 {
				return nil, nil
			}
			main = c
		case layer.Pad, layer.Bias, layer.Permute, layer.Reshape:
			if len(c.Inputs) != 1 {
				return nil, nil
			}
		default:
			return nil, nil
		}
		changed := *c.As(c.Layer, c.Params)
		changed.Name, changed.Inputs = n.Name+"#"+c.Name, slices.Clone(c.Inputs)
		changed.Inputs[0] = value
		value = n.Name + "#" + c.Outputs[0]
		changed.Outputs = []string{value}
		nodes = append(nodes, &changed)
	}
	if len(nodes) > 0 {
		nodes[len(nodes)-1].Outputs = n.Outputs
	}
	return nodes, main
}
