// Package cause holds the catalogue of what goes wrong when a network is ported, and proves causes by replay: a cause is
// named only if the reference's layer, changed in the way the cause describes, reproduces the candidate's numbers
// within the rounding bound.
package cause

import (
	"context"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/replay"
)

// Cause is an entry of the catalogue.
type Cause struct {
	ID, Title string
	// Symptom says what the numbers look like, Why how people come to it.
	Symptom, Why string
	// Variants lists the hypotheses to try on a segment, likeliest first; nil for a cause that is seen
	// directly in the tensors.
	Variants func(s *Segment) []Variant
}

// Catalogue lists the causes in the order in which they are tried.
var Catalogue = []*Cause{
	convPadding,
	numericsNonfinite,
	recordingStale,
}

// ByID returns the catalogue's entry, or nil.
func ByID(id string) *Cause {
	for _, c := range Catalogue {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// Variant is one hypothesis: the reference's node would have to be this layer.
type Variant struct {
	Node  *graph.Node
	Layer layer.Layer
	// Parameters name the attribute on both sides; Explanation and Fix are for people, the fix in the terms of the
	// candidate's framework.
	Parameters       map[string]string
	Explanation, Fix string
}

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
	Threads     int
}

// Proof is a variant that reproduces the candidate's numbers.
type Proof struct {
	Cause   *Cause
	Variant Variant
	After   parity.Difference
	// Others are causes that reproduce them too.
	Others []string
}

// Explain tries the whole catalogue on a segment. Without a proof it returns nil and the ids of the causes that were
// tried and excluded.
func Explain(ctx context.Context, s *Segment) (proof *Proof, excluded []string, err error) {
	for _, c := range Catalogue {
		if c.Variants == nil {
			continue
		}
		found, tried, err := s.prove(ctx, c)
		switch {
		case err != nil:
			return nil, nil, err
		case found == nil && tried > 0:
			excluded = append(excluded, c.ID)
		case found != nil && proof == nil:
			proof = found
		case found != nil:
			proof.Others = append(proof.Others, c.ID)
		}
	}
	return proof, excluded, nil
}

// prove returns the first variant of a cause that holds, and how many were tried.
func (s *Segment) prove(ctx context.Context, c *Cause) (*Proof, int, error) {
	variants := c.Variants(s)
	for _, v := range variants {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		if after, ok := s.try(v); ok && after.Ratio.Within() {
			return &Proof{Cause: c, Variant: v, After: after}, len(variants), nil
		}
	}
	return nil, len(variants), nil
}

// try replays the segment with one node changed. A variant that does not fit the shapes proves nothing.
func (s *Segment) try(v Variant) (parity.Difference, bool) {
	values := map[string]replay.Value{}
	for name, t := range s.Inputs {
		values[name] = replay.Value{X: t}
	}
	for _, n := range s.Nodes {
		if n == v.Node {
			changed := *n
			changed.Layer = v.Layer
			n = &changed
		}
		in := make([]replay.Value, len(n.Inputs))
		for i, name := range n.Inputs {
			in[i] = values[name]
		}
		out, err := replay.Node(n, in, s.Producer, s.Threads)
		if err != nil {
			return parity.Difference{}, false
		}
		for i, name := range n.Outputs {
			values[name] = out[i]
		}
	}
	out := values[s.Output]
	if !out.X.Shape.Equal(s.Candidate.Shape) {
		return parity.Difference{}, false
	}
	return replay.Measure(out.X, s.Candidate, out.Bound, s.Threads), true
}
