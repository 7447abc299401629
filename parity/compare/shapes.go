package compare

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// shapes infers the shape of every value that can be known: behind an operation that is not supported, and where shapes
// depend on values, the side's own tensors tell.
func shapes(s Side) (map[string]tensor.Shape, error) {
	known := map[string]tensor.Shape{}
	for name, t := range s.Trace.Values {
		known[name] = t.Dims()
	}
	for _, in := range s.Graph.Inputs {
		if known[in.Name] == nil {
			return nil, fmt.Errorf("no tensor for the input %q", in.Name)
		}
	}
	for _, n := range s.Graph.Nodes {
		if err := infer(n, known); err != nil {
			return nil, err
		}
	}
	return known, nil
}

func infer(n *graph.Node, known map[string]tensor.Shape) error {
	if unknown(n) {
		return nil
	}
	for _, v := range n.Inputs {
		if known[v] == nil {
			return nil
		}
	}
	out, err := n.Shapes(known)
	if err != nil {
		return err
	}
	_, depends := n.Layer.(layer.DataDependent)
	for i, v := range n.Outputs {
		if !depends || known[v] == nil {
			known[v] = out[i]
		}
	}
	return nil
}

// unknown reports whether a node is an operation that cannot be computed.
func unknown(n *graph.Node) bool {
	_, is := n.Layer.(layer.Unknown)
	return is
}
