package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// weighted lists the segment's layers with weights.
func (s *Segment) weighted() []*graph.Node {
	return slices.DeleteFunc(slices.Clone(s.Nodes), func(n *graph.Node) bool { return !weighs(n) })
}

// weighs reports whether a node multiplies what it reads by weights and adds up.
func weighs(n *graph.Node) bool {
	switch n.Layer.(type) {
	case layer.Convolution, layer.Deconvolution, layer.InnerProduct:
		return len(n.Params) > 0
	}
	return false
}

// weightsOf is the first parameter of a layer.
func weightsOf(n *graph.Node) *tensor.Tensor[float32] { return tensor.As[float32](n.Params[0].Value) }

// candidateWeights returns the candidate's weights in this place, in the shape of the reference's; nil where its graph is not
// known or has weights of another size.
func (s *Segment) candidateWeights(n *graph.Node) *tensor.Tensor[float32] {
	want := n.Params[0].Value.Dims()
	for _, c := range s.Counterpart {
		switch c.Layer.(type) {
		case layer.Convolution, layer.Deconvolution, layer.InnerProduct:
			if len(c.Params) > 0 && c.Params[0].Value.Dims().Len() == want.Len() {
				return tensor.As[float32](c.Params[0].Value).Reshaped(want...)
			}
		}
	}
	return nil
}

// hasCandidateWeights reports whether the candidate's graph has weights in this place at all.
func (s *Segment) hasCandidateWeights() bool {
	return slices.ContainsFunc(s.Counterpart, weighs)
}

// WithWeights returns the segment's nodes with other weights in the node n.
func (s *Segment) WithWeights(n *graph.Node, w tensor.Any) []*graph.Node {
	changed := *n.As(n.Layer, n.Params)
	changed.Params = slices.Clone(n.Params)
	changed.Params[0] = &graph.Param{Name: n.Params[0].Name, Value: w}
	return s.With(n, &changed)
}

// rearranged proposes weights in another arrangement. Where the candidate's are known they must be these, perhaps in a smaller
// format or with a factor for each output of a normalisation that was folded into them, or the reference's own, which act as
// these if the candidate rearranges what they are applied to.
func (s *Segment) rearranged(what string, arrange func(n *graph.Node, w *tensor.Tensor[float32]) []*tensor.Tensor[float32]) []Variant {
	var list []Variant
	for _, n := range s.weighted() {
		w, v := weightsOf(n), s.candidateWeights(n)
		if v == nil && s.hasCandidateWeights() {
			continue
		}
		for _, t := range arrange(n, w) {
			if t == nil || slices.Equal(t.Data, w.Data) {
				continue
			}
			words, stored := what, t
			if v != nil && !slices.Equal(t.Data, v.Data) && !slices.Equal(w.Data, v.Data) {
				if format := formatOf(t, v); format != "" {
					words, stored = what+", rounded to "+format, v
				} else if !foldedInto(v, t) {
					continue
				}
			}
			list = append(list, Variant{
				Nodes: s.WithWeights(n, stored.Reshaped(w.Shape...)), Layer: n, Stated: v != nil && slices.Equal(stored.Data, v.Data),
				Parameters:  map[string]string{"weights": words},
				Explanation: fmt.Sprintf("the candidate's weights are the reference's, %s", words),
			})
		}
	}
	return list
}

// foldedInto reports whether every row of v is that of w times a number, up to a few roundings.
func foldedInto(v, w *tensor.Tensor[float32]) bool {
	row := w.Shape[1:].Len()
	for at := 0; at < len(w.Data); at += row {
		a, b := w.Data[at:at+row], v.Data[at:at+row]
		var ab, aa float64
		for i, x := range a {
			ab, aa = ab+float64(x)*float64(b[i]), aa+float64(x)*float64(x)
		}
		for i, x := range a {
			if want := ab / aa * float64(x); !(math.Abs(float64(b[i])-want) <= 0x1p-20*math.Abs(want)) {
				return false
			}
		}
	}
	return true
}

// kernels is a weight tensor as out x in x height x width; ok is false for weights of another rank.
func kernels(w *tensor.Tensor[float32]) (o, i, h, k int, ok bool) {
	if len(w.Shape) != 4 {
		return
	}
	return w.Shape[0], w.Shape[1], w.Shape[2], w.Shape[3], true
}

// replaced proposes the candidate's own weights, where they differ and no arrangement of the reference's explains them.
func (s *Segment) replaced(explain func(n *graph.Node, w, v *tensor.Tensor[float32]) (string, bool)) []Variant {
	var list []Variant
	for _, n := range s.weighted() {
		w, v := weightsOf(n), s.candidateWeights(n)
		if v == nil || slices.Equal(v.Data, w.Data) {
			continue
		}
		if why, ok := explain(n, w, v); ok {
			if nodes := s.neverLoaded(n, v); nodes != nil && Fresh(w, v) != "" {
				list = append(list, Variant{
					Nodes: nodes, Layer: n, Stated: true, Parameters: map[string]string{"weights": why},
					Explanation: "the candidate's weights " + why + ", and its bias is what initialisers make of one",
				})
			}
			list = append(list, Variant{
				Nodes: s.WithWeights(n, v), Layer: n, Stated: true,
				Parameters:  map[string]string{"weights": why},
				Explanation: "the candidate's weights " + why,
			})
		}
	}
	return list
}

// neverLoaded returns the segment's nodes with other weights in n and the bias of a fresh layer, all of one number; nil if the
// candidate has another.
func (s *Segment) neverLoaded(n *graph.Node, w *tensor.Tensor[float32]) []*graph.Node {
	if len(n.Params) < 2 {
		return nil
	}
	b := tensor.New[float64](n.Params[1].Value.Dims()...)
	own := s.candidateBias(len(b.Data))
	for i, v := range own {
		if v != own[0] {
			return nil
		}
		b.Data[i] = v
	}
	changed := *n.As(n.Layer, n.Params)
	changed.Params = []*graph.Param{{Name: n.Params[0].Name, Value: w}, {Name: n.Params[1].Name, Value: b}}
	return s.With(n, &changed)
}

// counterpartParam is the i-th parameter of the candidate's layer in this place, if its graph has exactly one of the same kind
// with as many numbers; nil otherwise.
func (s *Segment) counterpartParam(n *graph.Node, i int) *tensor.Tensor[float32] {
	want := n.Params[i].Value.Dims()
	var found *tensor.Tensor[float32]
	for _, c := range s.Counterpart {
		if c.Layer.Kind() != n.Layer.Kind() || i >= len(c.Params) || c.Params[i].Value.Dims().Len() != want.Len() {
			continue
		}
		if found != nil {
			return nil
		}
		found = tensor.As[float32](c.Params[i].Value).Reshaped(want...)
	}
	return found
}
