package cause

import (
	"fmt"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var concatOrder = &Cause{
	ID:      "concat.order",
	Title:   "the inputs are joined in another order",
	Symptom: "Blocks of channels are exact, but elsewhere.",
	Why:     "The branches of a module were listed in another order than in the original.",
	Fix: Fixes{
		Caffe: "the order of the bottoms of the Concat layer", TensorFlow: "the order of the list in tf.concat", Keras: "the order of the list in Concatenate",
		PyTorch: "the order of the list in torch.cat", ONNX: "the order of the inputs of Concat",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.Concat) []Fault {
			turned, moved := slices.Clone(n.Inputs), append(slices.Clone(n.Inputs[1:]), n.Inputs[0])
			slices.Reverse(turned)
			order := func(what string, inputs []string) Fault {
				return Fault{Layer: n.Name, What: what, Make: func(p *Port, _ float64) { p.Graph.Node(n.Name).Inputs = inputs }}
			}
			if len(n.Inputs) < 3 {
				return []Fault{order("reversed", turned)}
			}
			return []Fault{order("reversed", turned), order("the first one last", moved)}
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			if _, ok := n.Layer.(layer.Concat); !ok || len(n.Inputs) > 6 {
				continue
			}
			for _, inputs := range permutations(n.Inputs) {
				if slices.Equal(inputs, n.Inputs) {
					continue
				}
				changed := *n.As(n.Layer, n.Params)
				changed.Inputs = inputs
				reference, candidate := strings.Join(n.Inputs, ", "), strings.Join(inputs, ", ")
				list = append(list, Variant{
					Nodes: s.With(n, &changed), Layer: n,
					Parameters:  map[string]string{"reference": reference, "candidate": candidate},
					Explanation: fmt.Sprintf("the reference joins %s; the candidate joins in the order %s", reference, candidate),
					Fix:         fmt.Sprintf("give the inputs of %s in the order %s", s.counterpartName("Concat"), reference),
				})
			}
		}
		return list
	},
}

func permutations(list []string) [][]string {
	if len(list) <= 1 {
		return [][]string{slices.Clone(list)}
	}
	var all [][]string
	for i, first := range list {
		rest := slices.Concat(list[:i], list[i+1:])
		for _, p := range permutations(rest) {
			all = append(all, append([]string{first}, p...))
		}
	}
	return all
}
