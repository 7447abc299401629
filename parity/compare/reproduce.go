package compare

import (
	"fmt"
	"maps"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/cause"
	"parity/parity/replay"
)

// Reproduction is what the findings at a layer rest on, cut out of both networks: the smallest piece between tensors that the
// candidate has, with these.
type Reproduction struct {
	Layer    string
	Findings []parity.Finding
	// Reference is the reference's piece on the candidate's inputs, Candidate the candidate's own.
	Reference, Candidate Piece
	// Proven are the reference's nodes as the proven causes change them, to be run on Reference's inputs and More; nil where
	// that is not known.
	Proven []*graph.Node
	More   map[string]*tensor.Tensor[float64]
	// Bound is how far the candidate's output may be from the reference's, in the reference's shape, and ProvenBound from
	// what Proven computes; nil where that is not known.
	Bound, ProvenBound *tensor.Tensor[float64]
	// OfReference says that the reference's own recording is at fault: its piece has that, and the candidate's what its model
	// computes.
	OfReference bool
}

// Piece is some nodes of a side's graph, and the values that they are fed and that come of them, in the graph's layout.
type Piece struct {
	Nodes           []*graph.Node // none for tensors alone
	Inputs, Outputs map[string]tensor.Any
	// Also are further values that the piece computes, without a tensor.
	Also []string
}

// reproduce hands on what the findings at a row rest on.
func (c *comparison) reproduce(r *row, findings []parity.Finding) error {
	if c.opt.Reproduce == nil || len(findings) == 0 {
		return nil
	}
	p := Reproduction{Layer: findings[0].Layer, Findings: findings}
	if err := c.cut(&p, r); err != nil {
		return fmt.Errorf("%s: %w", r.Name, err)
	}
	return c.opt.Reproduce(p)
}

func (c *comparison) cut(p *Reproduction, r *row) error {
	switch {
	case r.stale != nil:
		return c.cutStale(p, r)
	case r.node == nil:
		c.cutInput(p, r)
		return nil
	}
	at := c.recordedBehind(r)
	s := c.recordedSegment(at)
	p.Reference = c.referencePiece(s)
	if proof := c.proofs[r]; proof != nil {
		c.addOthers(&p.Reference, proof)
		last := proof.Steps[len(proof.Steps)-1].Variant
		if slices.Equal(s.Nodes, c.segment(r).Nodes) {
			p.Proven, p.More = last.Nodes, last.Inputs
			p.ProvenBound = c.boundOf(s, last)
		}
		for v := range last.Inputs {
			inside := slices.ContainsFunc(s.Nodes, func(n *graph.Node) bool { return slices.Contains(n.Outputs, v) })
			if c.byValue[v] != nil && s.Inputs[v] == nil && !inside { // another blob that the candidate reads
				p.Reference.Inputs[v] = last.Inputs[v]
			}
		}
	}
	if out, err := replay.Segment(s.Nodes, s.Inputs, s.Limits, s.Output, s.Producer, s.Threads); err == nil {
		p.Reference.Outputs[s.Output], p.Bound = out.X, out.Bound
	}
	p.Candidate = c.candidatePiece(at)
	return nil
}

// recordedBehind is the row itself where the candidate has recorded it, else the nearest one behind it that it has.
func (c *comparison) recordedBehind(r *row) *row {
	consumers := c.ref.Graph.Consumers()
	seen := map[*row]bool{r: true}
	for queue := []*row{r}; len(queue) > 0; queue = queue[1:] {
		if e := c.found[queue[0].values[0]]; e != nil && !e.native {
			return queue[0]
		}
		for _, v := range queue[0].values {
			for _, n := range consumers[v] {
				if next := c.nodeRow(n); !seen[next] {
					seen[next] = true
					queue = append(queue, next)
				}
			}
		}
	}
	return r
}

// boundOf is the bound of a segment as a variant has it; nil where that cannot be computed.
func (c *comparison) boundOf(s *cause.Segment, v cause.Variant) *tensor.Tensor[float64] {
	inputs, producer := maps.Clone(s.Inputs), s.Producer
	maps.Copy(inputs, v.Inputs)
	if v.Producer != nil {
		producer = *v.Producer
	}
	out, err := replay.Segment(v.Nodes, inputs, s.Limits, s.Output, producer, s.Threads)
	if err != nil {
		return nil
	}
	return out.Bound
}

func (c *comparison) referencePiece(s *cause.Segment) Piece {
	piece := Piece{Nodes: s.Nodes, Inputs: map[string]tensor.Any{}, Outputs: map[string]tensor.Any{}}
	for v, t := range s.Inputs {
		piece.Inputs[v] = t
	}
	return piece
}

// candidatePiece is the candidate's part between its tensor of a row and the nearest tensors before it that are known to be
// values of the reference.
func (c *comparison) candidatePiece(r *row) Piece {
	piece := Piece{Nodes: c.counterpartTo(r.Candidate, func(e *evidence) bool { return e.owner != "" && !e.native }), Inputs: map[string]tensor.Any{}, Outputs: map[string]tensor.Any{}}
	for _, v := range []string{r.Candidate, c.staleValue(r)} {
		if e := c.evidence[v]; e != nil {
			piece.Outputs[v] = e.t
		}
	}
	inside := map[string]bool{}
	for _, n := range piece.Nodes {
		for _, v := range n.Outputs {
			inside[v] = true
		}
	}
	for _, n := range piece.Nodes {
		for _, v := range n.Inputs {
			if inside[v] {
				continue
			}
			if piece.Inputs[v] = c.given(v); piece.Inputs[v] == nil { // what it reads is not known: the tensors have to do
				return Piece{Inputs: c.pairedInputs(r), Outputs: piece.Outputs}
			}
		}
	}
	if len(piece.Nodes) == 0 {
		piece.Inputs = c.pairedInputs(r)
	}
	return piece
}

// recordedSegment is the reference's segment of a row back to values that the candidate has recorded: what it computed in
// between is not its own.
func (c *comparison) recordedSegment(r *row) *cause.Segment {
	s := c.segment(r)
	found := c.found
	c.found = map[string]*evidence{}
	for v, e := range found {
		if !e.native || v == s.Output {
			c.found[v] = e
		}
	}
	s.Inputs = map[string]*tensor.Tensor[float64]{}
	s.Nodes = c.collect(s, r.node, map[*graph.Node]bool{})
	c.found = found
	return s
}

// addOthers adds the reference's other layers that a proof takes weights from.
func (c *comparison) addOthers(p *Piece, proof *cause.Proof) {
	for _, step := range proof.Steps {
		n := c.ref.Graph.Node(step.Variant.Other)
		if n == nil {
			continue
		}
		p.Nodes = append(slices.Clone(p.Nodes), n)
		p.Also = append(p.Also, n.Outputs...)
		for _, v := range n.Inputs {
			if t := c.replayed.flow[v]; t != nil && p.Inputs[v] == nil {
				p.Inputs[v] = t
			}
		}
	}
}

// given is the candidate's tensor of a value as later layers read it.
func (c *comparison) given(v string) tensor.Any {
	e := c.evidence[v]
	switch {
	case e == nil:
		return c.cand.Trace.Values[v]
	case e.flow != nil:
		return e.flow
	}
	return e.t
}

// pairedInputs are the candidate's tensors for what the reference reads at a row, under the reference's names.
func (c *comparison) pairedInputs(r *row) map[string]tensor.Any {
	list := map[string]tensor.Any{}
	for v, t := range c.segment(r).Inputs {
		list[v] = t
	}
	return list
}

// cutInput takes the first layer that reads an input along: a network needs one.
func (c *comparison) cutInput(p *Reproduction, r *row) {
	v := r.values[0]
	p.Reference = Piece{Inputs: map[string]tensor.Any{}, Outputs: map[string]tensor.Any{}}
	p.Candidate = Piece{Inputs: map[string]tensor.Any{v: c.candidateAs(v)}, Outputs: map[string]tensor.Any{}}
	readers := c.ref.Graph.Consumers()[v]
	for _, n := range readers {
		if after := c.byValue[n.Outputs[0]]; c.found[n.Outputs[0]] != nil && len(n.Inputs) == 1 {
			s := c.segment(after)
			s.Inputs[v] = tensor.As[float64](c.ref.Trace.Values[v])
			p.Reference = c.referencePiece(s)
			if out, err := replay.Segment(s.Nodes, s.Inputs, s.Limits, s.Output, s.Producer, s.Threads); err == nil {
				p.Reference.Outputs[s.Output], p.Bound = out.X, out.Bound
			}
			p.Candidate = c.candidatePiece(after)
			return
		}
	}
	if len(readers) > 0 { // the candidate has nothing of what follows
		p.Reference.Nodes = readers[:1]
		for _, in := range readers[0].Inputs {
			p.Reference.Inputs[in] = c.ref.Trace.Values[in]
		}
	}
}

// cutStale has the reference's recording, and what its model computes of it in the candidate's place.
func (c *comparison) cutStale(p *Reproduction, r *row) error {
	own := c.ownSegment(c.ref, c.refShapes, r.values[0])
	if own == nil {
		return fmt.Errorf("the reference's recording of %q cannot be cut out", r.values[0])
	}
	p.OfReference = true
	p.Reference = c.referencePiece(own)
	p.Reference.Outputs[own.Output] = own.Candidate
	out, err := replay.Segment(own.Nodes, own.Inputs, own.Limits, own.Output, own.Producer, own.Threads)
	if err != nil {
		return err
	}
	p.Bound = out.Bound
	p.Candidate = Piece{Inputs: map[string]tensor.Any{}, Outputs: map[string]tensor.Any{own.Output: out.X}}
	for v, t := range own.Inputs {
		p.Candidate.Inputs[v] = t
	}
	return nil
}

// Values lists the names of a piece's tensors, inputs first.
func (p Piece) Values() []string {
	return slices.Concat(sortedNames(p.Inputs), sortedNames(p.Outputs))
}
