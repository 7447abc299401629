package cause

import (
	"context"
	"maps"
	"slices"
)

// Agreement is what further inputs say of a proof.
type Agreement int

const (
	// Undecided: the segment is another one there, or the cause has no variant for it.
	Undecided Agreement = iota
	Holds
	Refuted
)

// Recheck holds a proof, found on other inputs, against a segment on these. A proof that changes the network must hold
// as it is; one that replaces what was fed holds if its cause has a variant of the same parameters here. Causes that were
// tied and do not reproduce these numbers are struck from the proof's others.
func Recheck(ctx context.Context, s *Segment, p *Proof) (Agreement, error) {
	last := p.Steps[len(p.Steps)-1].Variant
	s.begin()
	if last.Inputs != nil || p.Steps[0].Variant.Inputs != nil {
		held, err := s.again(ctx, p.Steps)
		if held == Holds && err == nil {
			err = s.breakTies(ctx, p)
		}
		return held, err
	}
	if s.Output != p.output || !slices.Equal(s.Nodes, p.nodes) {
		return Undecided, nil
	}
	d, ok := s.prove(Variant{Nodes: last.Nodes, Producer: last.Producer})
	if !ok || !d.Ratio.Within() {
		return Refuted, nil
	}
	return Holds, s.breakTies(ctx, p)
}

// again tries the variants of the steps' causes that have the steps' parameters.
func (s *Segment) again(ctx context.Context, steps []Step) (Agreement, error) {
	for _, v := range steps[0].Cause.Variants(s) {
		if err := ctx.Err(); err != nil {
			return Undecided, err
		}
		if !maps.Equal(v.Parameters, steps[0].Variant.Parameters) {
			continue
		}
		if len(steps) == 1 {
			if after, ok := s.try(v); ok && after.Ratio.Within() {
				return Holds, nil
			}
			continue
		}
		changed := *s
		changed.Nodes, changed.Inputs = v.Nodes, s.inputs(v)
		changed.begin()
		if held, err := changed.again(ctx, steps[1:]); held == Holds || err != nil {
			return held, err
		}
	}
	return Undecided, nil
}

// breakTies strikes the causes that were tied with a proof's first step and do not hold here.
func (s *Segment) breakTies(ctx context.Context, p *Proof) error {
	first := &p.Steps[0]
	var left []string
	for _, id := range first.Others {
		if err := ctx.Err(); err != nil {
			return err
		}
		if slices.ContainsFunc(ByID(id).Variants(s), func(v Variant) bool {
			after, ok := s.try(v)
			return ok && after.Ratio.Within()
		}) {
			left = append(left, id)
		}
	}
	first.Others = left
	return nil
}
