package cause

import (
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
	Nodes     []*graph.Node                      // of the reference, in order
	Inputs    map[string]*tensor.Tensor[float64] // by the reference's value name
	Output    string                             // the value that differs
	Candidate *tensor.Tensor[float64]            // the candidate's output
	Producer  bound.Producer
	// Framework is the candidate's; Counterpart its nodes for this layer, if they are known, and Shapes
	// the shapes of the candidate's values.
	Framework   string
	Counterpart []*graph.Node
	Shapes      map[string]tensor.Shape
	// Reference is the whole reference, and ReferenceShapes the shapes of its values.
	Reference       *graph.Graph
	ReferenceShapes map[string]tensor.Shape
	Threads         int
}

// Variant is one hypothesis: the segment as it would have to be.
type Variant struct {
	// Nodes are the segment's with the change in them.
	Nodes []*graph.Node
	// Layer is the reference's layer that the change is about.
	Layer *graph.Node
	// Parameters name the attribute on both sides; Explanation and Fix are for people, the fix in the terms of the
	// candidate's framework.
	Parameters       map[string]string
	Explanation, Fix string
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
	changed := *n
	changed.Layer = l
	return s.With(n, &changed)
}

// without returns the segment's nodes with n passing its input on.
func (s *Segment) without(n *graph.Node) []*graph.Node {
	return s.With(n, &graph.Node{Name: n.Name, Layer: layer.Identity{}, Inputs: n.Inputs, Outputs: n.Outputs})
}

// compute replays the segment as a variant has it.
func (s *Segment) compute(v Variant) (*tensor.Tensor[float64], bool) {
	out, err := replay.Segment(v.Nodes, s.Inputs, s.Output, s.Producer, s.Threads)
	if err != nil || !out.X.Shape.Equal(s.Candidate.Shape) {
		return nil, false
	}
	return out.X, true
}

// try replays the segment as a variant has it. One that does not fit the shapes proves nothing.
func (s *Segment) try(v Variant) (parity.Difference, bool) {
	producer := s.Producer
	if v.Producer != nil {
		producer = *v.Producer
	}
	out, err := replay.Segment(v.Nodes, s.Inputs, s.Output, producer, s.Threads)
	if err != nil || !out.X.Shape.Equal(s.Candidate.Shape) {
		return parity.Difference{}, false
	}
	return replay.Measure(out.X, s.Candidate, out.Bound, s.Threads), true
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
