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
	// Names are the candidate's for the inputs.
	Names  map[string]string
	Shapes map[string]tensor.Shape
	// Reference is the whole reference, and ReferenceShapes the shapes of its values.
	Reference       *graph.Graph
	ReferenceShapes map[string]tensor.Shape
	// Others returns values of the reference that the candidate has computed before this layer, by shape.
	Others func(shape tensor.Shape) map[string]*tensor.Tensor[float64]
	// Vouched reports whether a layer of the segment is right, because something else that reads it is.
	Vouched func(n *graph.Node) bool
	Threads int

	own    map[string]*tensor.Tensor[float64] // values of the segment as it is
	plain  replay.Value                       // its output, with the bound
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
	// Unknowns is how many numbers were solved from the candidate's output. Stated says that the candidate's own files have what
	// is supposed here.
	Unknowns int
	Stated   bool
	// Producer is the arithmetic that the hypothesis supposes; nil for the one that is declared.
	Producer *bound.Producer

	copied []bool  // elements that are the candidate's own, so that they prove nothing
	taken  float64 // bits that were read off each of the candidate's numbers
	more   float64 // bits that speak for the variant besides
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
	s.own, s.worst, s.plain = nil, -1, replay.Value{}
	values, err := replay.Plain(s.Nodes, s.Inputs, nil, func(*graph.Node) bool { return false }, s.Threads)
	if err != nil {
		return
	}
	s.own = values
	var ok bool
	if s.plain, ok = s.bounded(Variant{Nodes: s.Nodes}); !ok {
		s.before = parity.Difference{Ratio: parity.Number(math.Inf(1)), RMS: parity.Number(math.Inf(1))}
		return
	}
	if s.before = replay.Measure(s.plain.X, s.Candidate, s.plain.Bound, s.Threads); len(s.before.Index) == len(s.Candidate.Shape) {
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

// try replays the segment as a variant has it. One that does not fit the shapes proves nothing. Where the candidate is clearly out, the
// element that is furthest out has to come at least halfway first: a variant that fits brings it within its own bound. That may
// leave out one whose bound is larger than half the difference, and lets none in.
func (s *Segment) try(v Variant) (parity.Difference, bool) {
	judged := s.worst >= 0 && s.before.Ratio > clear && v.Producer == nil && !s.fed()
	if judged {
		switch value, fits, ok := s.element(v, s.worst); {
		case ok && !fits:
			return parity.Difference{}, false
		case ok && !s.halfway(value) && s.work() > oneByOne:
			return s.asFar(value), true
		}
	}
	out, ok := s.compute(v)
	if !ok {
		return parity.Difference{}, false
	}
	if judged && !s.halfway(out.Data[s.worst]) {
		return replay.Measure(out, s.Candidate, nil, s.Threads), true
	}
	return s.prove(v)
}

// oneByOne is the number of products from which on a variant is judged by a single element before the whole is computed. How near it
// comes, by which pairs of causes are chosen, is not known then.
const oneByOne = 1e7

// halfway reports whether the element that was furthest out comes at least halfway.
func (s *Segment) halfway(value float64) bool {
	was := replay.Distance(float64(s.before.ReferenceValue), float64(s.before.CandidateValue))
	return replay.Distance(value, s.Candidate.Data[s.worst]) <= was/2
}

// asFar is the difference of which only the worst element is known.
func (s *Segment) asFar(value float64) parity.Difference {
	d := s.before
	d.ReferenceValue, d.MaxAbs = parity.Number(value), parity.Number(replay.Distance(value, s.Candidate.Data[s.worst]))
	d.Ratio = parity.Number(math.Inf(1))
	return d
}

// prove measures the candidate against a variant in units of the bound.
func (s *Segment) prove(v Variant) (parity.Difference, bool) {
	out, ok := s.bounded(v)
	if !ok {
		return parity.Difference{}, false
	}
	return replay.Measure(out.X, s.Candidate, out.Bound, s.Threads), true
}

// bounded replays the segment as a variant has it, with the bound; ok is false for another shape than the candidate's.
func (s *Segment) bounded(v Variant) (out replay.Value, ok bool) {
	producer := s.Producer
	if v.Producer != nil {
		producer = *v.Producer
	}
	out, err := replay.Segment(v.Nodes, s.inputs(v), s.Limits, s.Output, producer, s.Threads)
	if err != nil || !out.X.Shape.Equal(s.Candidate.Shape) {
		return out, false
	}
	if v.Producer != nil && replay.Vacuous(out.X, out.Bound) {
		return out, false // zeros would do as well
	}
	if s.fed() {
		out.Bound = replay.Add(fedLimit(out.X, s.Producer.U), s.Producer.Stored(out.X))
	}
	return out, true
}

// fed reports whether the segment is an input of the network: what differs is what was fed.
func (s *Segment) fed() bool { return len(s.Nodes) == 0 }

// fedLimit is by how much two inputs may differ that were prepared alike. A side rounds a number at most four times on the way:
// the mean, what is left without it, the factor, and the product; both sides come to eight, of numbers no larger than the
// largest of the picture.
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

// holds reports whether a variant brings the segment inside the bound.
func (s *Segment) holds(v Variant) bool {
	after, ok := s.prove(v)
	return ok && after.Ratio.Within()
}
