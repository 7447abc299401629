package compare

import (
	"context"
	"fmt"
	"slices"

	"parity/parity"
	"parity/parity/cause"
)

// proven is what one image says of a row that is wrong on its own inputs, and the images that it holds on.
type proven struct {
	findings []parity.Finding
	proof    *cause.Proof // nil: no cause was proven
	image    int          // that it was found on
	images   []int        // that show the same
	refuted  int          // an image whose numbers the proof does not reproduce although nothing is wrong there, -1 for none
}

// unexplainedTries is how many images the whole catalogue is tried on where it does not explain a row: what fails on some
// will fail on others, and takes long.
const unexplainedTries = 3

// explain finds the causes of what is wrong in one image, those that earlier images have proven first.
func (m *manyImages) explain(ctx context.Context, c *comparison, image int) error {
	for k, r := range c.rows {
		if r.Verdict != parity.Introduced && !c.otherShape(r) {
			if err := m.refute(ctx, c, k, image); err != nil {
				return err
			}
			continue
		}
		known, err := m.known(ctx, c, k)
		if err != nil {
			return err
		}
		if known == nil {
			known, err = m.find(ctx, c, k, image)
		}
		if err != nil {
			return err
		}
		known.images = append(known.images, image)
	}
	return nil
}

// known returns what was proven on another image and holds on this one as well, nil for nothing.
func (m *manyImages) known(ctx context.Context, c *comparison, k int) (*proven, error) {
	r := c.rows[k]
	for _, p := range m.proven[k] {
		if p.proof == nil {
			continue
		}
		agreement, err := cause.Recheck(ctx, c.segment(r), p.proof)
		if err != nil {
			return nil, err
		}
		if agreement == cause.Holds {
			c.blame(r, c.guilty(p.proof))
			return p, nil
		}
	}
	return nil, nil
}

// find explains a row by this image alone.
func (m *manyImages) find(ctx context.Context, c *comparison, k, image int) (*proven, error) {
	r, list := c.rows[k], m.proven[k]
	unexplained := slices.DeleteFunc(slices.Clone(list), func(p *proven) bool { return !p.unexplained() })
	if n := len(unexplained); n >= unexplainedTries {
		return unexplained[n-1], nil
	}
	findings, err := c.findingsAt(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := c.reproduce(r, findings); err != nil {
		return nil, err
	}
	p := &proven{findings: findings, proof: c.proofs[r], image: image, refuted: -1}
	for i, other := range list {
		if p.takesFrom(other) {
			p.images, list[i] = other.images, p
			return p, nil
		}
	}
	m.proven[k] = append(list, p)
	return p, nil
}

func (p *proven) unexplained() bool {
	return len(p.findings) == 1 && p.findings[0].Cause == parity.Unexplained
}

// takesFrom reports whether this proof takes the place of another one: it names one of the causes that could not be told
// apart there.
func (p *proven) takesFrom(other *proven) bool {
	return p.proof != nil && other.proof != nil && len(p.proof.Steps) == 1 && len(other.proof.Steps) == 1 &&
		slices.Contains(other.proof.Steps[0].Others, p.proof.Steps[0].Cause.ID)
}

// refute holds what other images have proven against a row that is right in this one: the change must leave it right.
func (m *manyImages) refute(ctx context.Context, c *comparison, k, image int) error {
	r := c.rows[k]
	if c.found[r.values[0]] == nil || r.Verdict != parity.Match && r.Verdict != parity.Inherited {
		return nil
	}
	for _, p := range m.proven[k] {
		if p.proof == nil || p.refuted >= 0 {
			continue
		}
		agreement, err := cause.Recheck(ctx, c.segment(r), p.proof)
		if err != nil {
			return err
		}
		if agreement == cause.Refuted {
			p.refuted = image
		}
	}
	return nil
}

// revisit goes back to the images with a row that nothing explained there and that another image has a proof for since.
func (m *manyImages) revisit(ctx context.Context) error {
	again := map[int]bool{}
	for _, list := range m.proven {
		if !slices.ContainsFunc(list, func(p *proven) bool { return p.proof != nil }) {
			continue
		}
		for _, p := range list {
			for i := 0; p.unexplained() && i < len(p.images); i++ {
				again[p.images[i]] = true
			}
		}
	}
	for i := range m.images.List {
		if !again[i] {
			continue
		}
		if err := m.revisited(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", m.images.List[i].Name, err)
		}
	}
	return nil
}

func (m *manyImages) revisited(ctx context.Context, image int) error {
	c, err := m.judged(ctx, image)
	if err != nil {
		return err
	}
	for k, r := range c.rows {
		at := slices.IndexFunc(m.proven[k], func(p *proven) bool { return p.unexplained() && slices.Contains(p.images, image) })
		if at < 0 {
			continue
		}
		known, err := m.known(ctx, c, k)
		if err != nil {
			return err
		}
		if known == nil {
			continue
		}
		known.images = append(known.images, image)
		without := m.proven[k][at]
		without.images = slices.DeleteFunc(without.images, func(i int) bool { return i == image })
		m.rows[k].verdicts[image] = r.Verdict
	}
	return nil
}

// findings lists what the images say together, each cause of a layer once, in the order of the rows.
func (m *manyImages) findings(c *comparison) []parity.Finding {
	var list []parity.Finding
	for k, r := range c.rows {
		for _, p := range m.proven[k] {
			if len(p.images) == 0 {
				continue
			}
			for _, f := range p.findings {
				if c.reported(r, f) {
					list = m.merge(list, m.finding(p, f))
				}
			}
		}
	}
	return list
}

// finding says on which images it rests.
func (m *manyImages) finding(p *proven, f parity.Finding) parity.Finding {
	f.Image, f.Images = m.images.List[p.image].Name, len(p.images)
	if p.proof != nil {
		for _, step := range p.proof.Steps {
			if step.Cause.ID == f.Cause {
				f.Indistinguishable = step.Others
			}
		}
	}
	if p.refuted >= 0 {
		f.Explanation = fmt.Sprintf("%s, as reproduces %s, does not reproduce %s, where this layer is right", f.Cause, f.Image, m.images.List[p.refuted].Name)
		f.Cause, f.Fix, f.Parameters, f.Evidence, f.Indistinguishable = parity.Unexplained, "", nil, nil, nil
	}
	return f
}

// merge adds a finding, or its images to one of the same layer and cause.
func (m *manyImages) merge(list []parity.Finding, f parity.Finding) []parity.Finding {
	for i, other := range list {
		if other.Layer != f.Layer || other.Cause != f.Cause {
			continue
		}
		list[i].Images += f.Images
		if e, o := f.Evidence, other.Evidence; e != nil && o != nil && e.RatioBefore > o.RatioBefore {
			f.Images = list[i].Images
			list[i] = f
		}
		return list
	}
	return append(list, f)
}
