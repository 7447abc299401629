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
	General: true,
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.Convolution) []Fault {
			if l.Padding.Mode != layer.Explicit {
				return nil
			}
			var list []Fault
			for _, grown := range [][2]int{{2, 2}, {2, 0}, {0, 2}} {
				list = append(list, Fault{Layer: n.Name, What: fmt.Sprintf("kernel larger by %dx%d", grown[0], grown[1]), Make: func(p *Port, _ float64) { p.grow(n.Name, grown) }})
			}
			return list
		})
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
				Nodes: s.With(n, nodes...), Layer: n, Stated: true, Parameters: map[string]string{"reference": reference, "candidate": candidate},
				Explanation: fmt.Sprintf("the weights have the shape %s in the reference, %s in the candidate", reference, candidate),
			})
		}
		return list
	},
}

// ported returns the candidate's nodes for a layer with weights, as they read and write the reference's values: padding,
// product and bias, and the one with the weights. It is nil unless the candidate has exactly one such layer that reads what this
// one does.
func (s *Segment) ported(n *graph.Node) (nodes []*graph.Node, main *graph.Node) {
	for _, c := range s.Counterpart {
		if s.Names[n.Inputs[0]] == "" || len(c.Inputs) != 1 || c.Inputs[0] != s.Names[n.Inputs[0]] {
			continue
		}
		chain, weighted := s.idiom(c)
		if weighted == nil || s.known(n, weighted) {
			continue
		}
		if main != nil {
			return nil, nil
		}
		nodes, main = chain, weighted
	}
	return rewired(n, nodes), main
}

// idiom follows the candidate's nodes from one on: padding, a product with weights, a bias.
func (s *Segment) idiom(c *graph.Node) (nodes []*graph.Node, main *graph.Node) {
	for c != nil {
		switch {
		case weighs(c) && main == nil:
			main = c
		case c.Layer.Kind() == "Bias" && main != nil:
		case main == nil && (c.Layer.Kind() == "Pad" || c.Layer.Kind() == "Permute" || c.Layer.Kind() == "Reshape"):
		default:
			return nodes, main
		}
		nodes = append(nodes, c)
		value := c.Outputs[0]
		i := slices.IndexFunc(s.Counterpart, func(o *graph.Node) bool { return len(o.Inputs) == 1 && o.Inputs[0] == value })
		if c = nil; i >= 0 {
			c = s.Counterpart[i]
		}
	}
	return nodes, main
}

// known reports whether a layer of the candidate has the weights of another layer of the segment that reads the same.
func (s *Segment) known(n, c *graph.Node) bool {
	return slices.ContainsFunc(s.weighted(), func(o *graph.Node) bool {
		return o != n && o.Inputs[0] == n.Inputs[0] && o.Params[0].Value.Dims().Equal(c.Params[0].Value.Dims()) &&
			slices.Equal(weightsOf(o).Data, weightsOf(c).Data)
	})
}

// rewired copies a chain of nodes such that it reads and writes what n does.
func rewired(n *graph.Node, chain []*graph.Node) []*graph.Node {
	value := n.Inputs[0]
	var nodes []*graph.Node
	for _, c := range chain {
		changed := *c.As(c.Layer, c.Params)
		changed.Name, changed.Inputs = n.Name+"#"+c.Name, []string{value}
		value = n.Name + "#" + c.Outputs[0]
		changed.Outputs = []string{value}
		nodes = append(nodes, &changed)
	}
	if len(nodes) > 0 {
		nodes[len(nodes)-1].Outputs = n.Outputs
	}
	return nodes
}
