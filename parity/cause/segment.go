package cause

import (
	"maps"
	"math"
	"slices"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/replay"
)

// Segment is the smallest piece of the reference between tensors that the candidate has, with the candidate's own
// numbers at both ends.
type Segment struct {
	Nodes  []*graph.Node                      // of the reference, in order
	Inputs map[string]*tensor.Tensor[float64] // by the reference's value name
	// Limits are how far the candidate's own numbers may be from the inputs that it has not recorded.
	Limits    map[string]*tensor.Tensor[float64]
	Output    string                  // the value that differs
	Candidate *tensor.Tensor[float64] // the candidate's output
	Producer  bound.Producer
	// Framework is the candidate's; Counterpart its nodes for this layer, if they are known, and Shapes
	// the shapes of the candidate's values.
	Framework   string
	Counterpart []*graph.Node
	Shapes      map[string]tensor.Shape
	// Reference is the whole reference, and ReferenceShapes the shapes of its values.
	Reference       *graph.Graph
	ReferenceShapes map[string]tensor.Shape
	// Others returns values of the reference that the candidate has computed before this layer, by shape.
	Others  func(shape tensor.Shape) map[string]*tensor.Tensor[float64]
	Threads int

	// Fitting lists the layers of a long segment if hypotheses about several of them fit: the cause is not proven then.
	Fitting []string

	own    map[string]*tensor.Tensor[float64] // values of the segment as it is
	before parity.Difference                  // the candidate against it
	worst  int                                // of the element that is furthest out, -1 for none
}

// Variant is one hypothesis: the segment as it would have to be.
type Variant struct {
	// Nodes are the segment's with the change in them, and Inputs further values that they read, or others in the place of
	// the segment's own.
	Nodes  []*graph.Node
	Inputs map[string]*tensor.Tensor[float64]
	// Layer is the reference's layer that the change is about.
	Layer *graph.Node
	// Parameters name the attribute on both sides; Explanation and Fix are for people, the fix in the terms of the
	// candidate's framework.
	Parameters       map[string]string
	Explanation, Fix string
	// Other is the reference's layer that the candidate has taken weights from.
	Other string
	// Math is what would have to be declared of the candidate's recording for the hypothesis to be its arithmetic.
	Math string
	// Producer is the arithmetic that the hypothesis supposes; nil for the one that is declared.
	Producer *bound.Producer
}

// With returns the segment's nodes with others in the place of n.
func (s *Segment) With(n *graph.Node, others ...*graph.Node) []*graph.Node {
	i := slices.Index(s.Nodes, n)
	return slices.Concat(s.Nodes[:i], others, s.Nodes[i+1:])
}

// WithLayer returns the segment's nodes with another layer in the node n.
func (s *Segment) WithLayer(n *graph.Node, l layer.Layer) []*graph.Node {
	params := n.Params
	if l.Kind() != n.Layer.Kind() {
		params = nil
	}
	return s.With(n, n.As(l, params))
}

// without returns the segment's nodes with n passing its input on.
func (s *Segment) without(n *graph.Node) []*graph.Node {
	return s.With(n, &graph.Node{Name: n.Name, Layer: layer.Identity{}, Inputs: n.Inputs, Outputs: n.Outputs})
}

// begin replays the segment as it is.
func (s *Segment) begin() {
	s.own, s.worst = nil, -1
	values, err := replay.Plain(s.Nodes, s.Inputs, nil, func(*graph.Node) bool { return false }, s.Threads)
	if err != nil {
		return
	}
	s.own = values
	var ok bool
	if s.before, ok = s.prove(Variant{Nodes: s.Nodes}); ok && len(s.before.Index) == len(s.Candidate.Shape) {
		s.worst = 0
		for i, at := range s.before.Index {
			s.worst = s.worst*s.Candidate.Shape[i] + at
		}
	}
}

// Before is how far the candidate is from the segment as it is, once the catalogue was tried on it.
func (s *Segment) Before() parity.Difference { return s.before }

// compute replays the segment as a variant has it.
func (s *Segment) compute(v Variant) (*tensor.Tensor[float64], bool) {
	values, err := replay.Plain(v.Nodes, s.inputs(v), s.own, func(n *graph.Node) bool { return slices.Contains(s.Nodes, n) }, s.Threads)
	if err != nil || values[s.Output] == nil || !values[s.Output].Shape.Equal(s.Candidate.Shape) {
		return nil, false
	}
	return values[s.Output], true
}

func (s *Segment) inputs(v Variant) map[string]*tensor.Tensor[float64] {
	if v.Inputs == nil {
		return s.Inputs
	}
	all := maps.Clone(s.Inputs)
	maps.Copy(all, v.Inputs)
	return all
}

// valueOf is a value of the segment as it is; nil where that cannot be computed.
func (s *Segment) valueOf(v string) *tensor.Tensor[float64] {
	if t := s.Inputs[v]; t != nil {
		return t
	}
	return s.own[v]
}

// clear is by how many bounds the candidate must be out for hypotheses to be judged by that one element first.
const clear = 8

// try replays the segment as a variant has it. One that does not fit the shapes proves nothing. The bound is
// computed only if the element that was furthest out is at most half as far out now, as it is in every proof.
func (s *Segment) try(v Variant) (parity.Difference, bool) {
	out, ok := s.compute(v)
	if !ok {
		return parity.Difference{}, false
	}
	if at := s.worst; at >= 0 && s.before.Ratio > clear && v.Producer == nil && !s.fed() {
		was := replay.Distance(float64(s.before.ReferenceValue), float64(s.before.CandidateValue))
		if replay.Distance(out.Data[at], s.Candidate.Data[at]) > was/2 {
			return replay.Measure(out, s.Candidate, nil, s.Threads), true
		}
	}
	return s.prove(v)
}

// prove measures the candidate against a variant in units of the bound.
func (s *Segment) prove(v Variant) (parity.Difference, bool) {
	producer := s.Producer
	if v.Producer != nil {
		producer = *v.Producer
	}
	out, err := replay.Segment(v.Nodes, s.inputs(v), s.Limits, s.Output, producer, s.Threads)
	if err != nil || !out.X.Shape.Equal(s.Candidate.Shape) {
		return parity.Difference{}, false
	}
	if v.Producer != nil && replay.Vacuous(out.X, out.Bound) {
		return parity.Difference{}, false // zeros would do as well
	}
	if s.fed() {
		out.Bound = replay.Add(fedLimit(out.X, s.Producer.U), s.Producer.Stored(out.X))
	}
	return replay.Measure(out.X, s.Candidate, out.Bound, s.Threads), true
}

// fed reports whether the segment is an input of the network: what differs is what was fed.
func (s *Segment) fed() bool { return len(s.Nodes) == 0 }

// fedLimit is what a few roundings make of an input, in the size of a picture's numbers or of its own, whichever is larger.
func fedLimit(x *tensor.Tensor[float64], u float64) *tensor.Tensor[float64] {
	most := 0.0
	for _, v := range x.Data {
		most = max(most, math.Abs(v))
	}
	limit := tensor.New[float64](x.Shape...)
	for i := range limit.Data {
		limit.Data[i] = 8 * u * most
	}
	return limit
}

// shape is that of a value that the segment reads or computes, nil where it cannot be inferred.
func (s *Segment) shape(value string) tensor.Shape {
	known := map[string]tensor.Shape{}
	for name, t := range s.Inputs {
		known[name] = t.Shape
	}
	for _, n := range s.Nodes {
		if known[value] != nil {
			break
		}
		out, err := n.Shapes(known)
		if err != nil {
			return nil
		}
		for i, v := range n.Outputs {
			known[v] = out[i]
		}
	}
	return known[value]
}
