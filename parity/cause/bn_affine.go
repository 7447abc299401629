package cause

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var bnAffine = &Cause{
	ID:      "bn.affine",
	Title:   "the scale and shift behind the batch normalisation are lost",
	Symptom: "Every channel is off by a factor and a constant, and exactly so: y = a x + b.",
	Why:     "In Caffe they are a layer of their own, Scale, that is easily left out; in TF-slim gamma is absent by default.",
	Fix: Fixes{
		Caffe: "a Scale layer with bias_term: true behind BatchNorm", TensorFlow: "scale and offset of tf.nn.batch_normalization", Keras: "BatchNormalization(scale=True, center=True)",
		PyTorch: "nn.BatchNorm2d(affine=True)", ONNX: "scale and B of BatchNormalization",
	},
	Break: func(p *Port) []Fault {
		neutral := func(n *graph.Node, gamma, beta int, also string) []Fault {
			one, zero := func(int, float64, float64) float64 { return 1 }, func(int, float64, float64) float64 { return 0 }
			scale, shift := changedParam(n, gamma, "no scale", false, one), changedParam(n, beta, "no shift", false, zero)
			both := Fault{Layer: n.Name, What: "neither", Make: func(p *Port, size float64) { scale.Make(p, size); shift.Make(p, size) }}
			list := []Fault{scale, shift, both}
			for i := range list {
				list[i].Also = []string{also}
			}
			return list
		}
		return append(
			breakNodes(p, func(n *graph.Node, _ layer.FusedBatchNorm) []Fault { return neutral(n, 0, 1, "") }),
			breakNodes(p, func(n *graph.Node, _ layer.Scale) []Fault {
				norm := p.Graph.Producers()[n.Inputs[0]]
				if norm == nil || norm.Layer.Kind() != "BatchNorm" || len(n.Params) != 2 {
					return nil
				}
				return neutral(n, 0, 1, norm.Name)
			})...)
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			if l, ok := n.Layer.(layer.FusedBatchNorm); ok && !l.Fed && len(n.Params) >= 2 {
				list = append(list, s.lostWithin(n)...)
			}
			if _, ok := n.Layer.(layer.Scale); !ok {
				continue
			}
			norm := s.Reference.Producers()[n.Inputs[0]]
			if norm == nil {
				continue
			}
			if _, ok := norm.Layer.(layer.BatchNorm); !ok {
				continue
			}
			at := n
			if slices.ContainsFunc(s.Nodes, func(o *graph.Node) bool { return o.Name == norm.Name }) {
				at = norm // the candidate has both in one
			}
			list = append(list, s.lostAffine(n, at)...)
		}
		return list
	},
}

// lost is what a variant leaves out.
func lost(what string, nodes []*graph.Node, at *graph.Node) Variant {
	return Variant{
		Nodes: nodes, Layer: at, Parameters: map[string]string{"reference": "applied", "candidate": "left out"},
		Explanation: fmt.Sprintf("%s behind the normalisation: applied in the reference, left out in the candidate", what),
	}
}

// lostAffine leaves out both parameters of a Scale, or one.
func (s *Segment) lostAffine(scale, at *graph.Node) []Variant {
	list := []Variant{lost("scale and shift", s.without(scale), at)}
	if len(scale.Params) == 2 {
		ones, zeros := withoutEffect(scale)
		list = append(list, lost("the scale (gamma)", s.withParams(scale, ones, nil), at), lost("the shift (beta)", s.withParams(scale, nil, zeros), at))
	}
	return list
}

// lostWithin does the same in a layer that has them beside its statistics.
func (s *Segment) lostWithin(n *graph.Node) []Variant {
	ones, zeros := withoutEffect(n)
	rest := make([]*tensor.Tensor[float64], len(n.Params)-2)
	with := func(scale, shift *tensor.Tensor[float64]) []*graph.Node {
		return s.withParams(n, append([]*tensor.Tensor[float64]{scale, shift}, rest...)...)
	}
	return []Variant{lost("scale and shift", with(ones, zeros), n), lost("the scale (gamma)", with(ones, nil), n), lost("the shift (beta)", with(nil, zeros), n)}
}

// withoutEffect are the scale and shift, the first two parameters, that do nothing.
func withoutEffect(n *graph.Node) (ones, zeros *tensor.Tensor[float64]) {
	ones, zeros = tensor.New[float64](n.Params[0].Value.Dims()...), tensor.New[float64](n.Params[1].Value.Dims()...)
	for i := range ones.Data {
		ones.Data[i] = 1
	}
	return ones, zeros
}

// withParams returns the segment's nodes with other parameters in n; nil leaves one, and so do the ones behind the last.
func (s *Segment) withParams(n *graph.Node, params ...*tensor.Tensor[float64]) []*graph.Node {
	var list []*graph.Param
	for i, p := range n.Params {
		if i < len(params) && params[i] != nil {
			p = &graph.Param{Name: p.Name, Value: params[i]}
		}
		list = append(list, p)
	}
	return s.With(n, n.As(n.Layer, list))
}
