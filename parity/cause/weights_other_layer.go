package cause

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var weightsOtherLayer = &Cause{
	ID:      "weights.other-layer",
	Title:   "the weights are those of another layer",
	Symptom: "The layer is uncorrelated with the reference's, although its weights are of the original network.",
	Why:     "Two layers of one shape were exchanged in a table of names.",
	Fix: Fixes{
		Caffe: "the layer's name in the caffemodel", TensorFlow: "the variable's name in the checkpoint", Keras: "the order of get_weights()", PyTorch: "the keys of the state_dict", ONNX: "the initialiser's name",
	},
	Break: func(p *Port) []Fault {
		return breakWeights(p, 0, func(n *graph.Node, w *tensor.Tensor[float32]) []Fault {
			var list []Fault
			for _, other := range p.Graph.Nodes {
				if other == n || !weighs(other) || !other.Params[0].Value.Dims().Equal(w.Shape) {
					continue
				}
				list = append(list, Fault{Layer: n.Name, What: "of " + other.Name, Make: func(p *Port, _ float64) {
					p.setParam(n.Name, 0, other.Params[0].Value.(*tensor.Tensor[float32]))
				}})
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		taken := map[*graph.Node]string{}
		list := s.replaced(func(n *graph.Node, _, v *tensor.Tensor[float32]) (string, bool) {
			for _, other := range s.Reference.Nodes {
				if other != n && len(other.Params) > 0 && other.Params[0].Value.Dims().Equal(n.Params[0].Value.Dims()) &&
					slices.Equal(weightsOf(other).Data, v.Data) {
					taken[n] = other.Name
					return fmt.Sprintf("are those of the reference's %s", other.Name), true
				}
			}
			return "", false
		})
		for i, v := range list {
			list[i].Other = taken[v.Layer]
		}
		return append(s.otherNormalisations(), list...)
	},
}

// otherNormalisations take statistics, scale and shift, or all of them, from another normalisation of the reference.
func (s *Segment) otherNormalisations() []Variant {
	return s.normalisations(func(b normalisation) []Variant {
		var list []Variant
		for _, other := range s.Reference.Nodes {
			if other.Name == b.node.Name || !alike(other, b.node) {
				continue
			}
			for _, nodes := range b.as(other) {
				v := b.variant(nodes, "statistics, scale and shift", "its own", "those of "+other.Name)
				v.Other = other.Name
				list = append(list, v)
			}
		}
		return list
	})
}

// alike reports whether two nodes have the same kind of layer and parameters of the same shapes.
func alike(a, b *graph.Node) bool {
	if a.Layer.Kind() != b.Layer.Kind() || len(a.Params) != len(b.Params) {
		return false
	}
	for i, p := range a.Params {
		if !p.Value.Dims().Equal(b.Params[i].Value.Dims()) {
			return false
		}
	}
	return true
}

// as has the parameters of another normalisation of the same kind, all or some.
func (b normalisation) as(other *graph.Node) [][]*graph.Node {
	p := paramsOf(other)
	if _, fused := b.node.Layer.(layer.FusedBatchNorm); fused && len(p) == 4 {
		return [][]*graph.Node{
			b.withParams(b.node, nil, nil, p[2], p[3]), b.withParams(b.node, p...), b.withParams(b.node, p[0], p[1], nil, nil),
		}
	}
	statistics := b.withParams(b.node, p...)
	tries := [][]*graph.Node{statistics}
	if scale := scaleBehind(b.Reference.Nodes, other); scale != nil && b.scale != nil && len(scale.Params) == len(b.scale.Params) {
		both := *b.Segment
		both.Nodes = statistics
		tries = append(tries, both.withParams(b.scale, paramsOf(scale)...), b.withParams(b.scale, paramsOf(scale)...))
	}
	return tries
}

func paramsOf(n *graph.Node) []*tensor.Tensor[float64] {
	var list []*tensor.Tensor[float64]
	for _, p := range n.Params {
		list = append(list, tensor.As[float64](p.Value))
	}
	return list
}
