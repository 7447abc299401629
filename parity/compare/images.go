package compare

import (
	"context"
	"fmt"

	"parity/parity"
	"parity/parity/trace"
)

// Images are the inputs of a comparison over several images.
type Images struct {
	// List names them; its verdicts are filled in.
	List []parity.Image
	// Traces computes both sides' tensors for one image. It is asked for the images in order, and again for a few.
	Traces func(ctx context.Context, image int) (ref, cand *trace.Trace, err error)
	// Begin is told which image comes next; nil for nobody.
	Begin func(image int)
}

// RunImages compares two sides image by image: a fault that one image leaves silent, another shows. Every image is judged
// alone, so that the result does not depend on which are computed together, and only one is held in memory here.
//
// A row takes its worst verdict and differences. A cause that one image proves is held against those that follow: it must
// reproduce these too, whether they show a difference or not.
func RunImages(ctx context.Context, ref, cand Side, images Images, opt Options) (*parity.Result, error) {
	m := &manyImages{ref: ref, cand: cand, images: images, opt: opt, proven: map[int][]*proven{}}
	if r, err := m.strangers(ctx); r != nil || err != nil {
		return r, err
	}
	for i := range images.List {
		if images.Begin != nil {
			images.Begin(i)
		}
		if err := m.image(ctx, i); err != nil {
			return nil, fmt.Errorf("%s: %w", images.List[i].Name, err)
		}
	}
	if err := m.revisit(ctx); err != nil {
		return nil, err
	}
	return m.result(), nil
}

// manyImages adds up the comparisons of the images.
type manyImages struct {
	ref, cand Side
	images    Images
	opt       Options
	structure *parity.Structure
	last      *comparison // the alignment of an image holds for the next one of its size
	rows      []*tally
	proven    map[int][]*proven // by the row's place
}

// strangers compares the first image alone where the two runs have nothing to do with each other: every image tells the same.
func (m *manyImages) strangers(ctx context.Context) (*parity.Result, error) {
	if len(m.images.List) == 0 {
		return nil, nil
	}
	c := newComparison(m.ref, m.cand, m.opt)
	var err error
	if c.ref.Trace, c.cand.Trace, err = m.images.Traces(ctx, 0); err != nil {
		return nil, err
	}
	r, err := c.apart(ctx)
	m.structure = c.structure
	if r != nil {
		r.Images = m.images.List[:1]
		r.Images[0].Verdict, r.Images[0].WorstRatio, r.Images[0].WorstLayer = r.Verdict, r.Summary.WorstRatio, r.Summary.WorstLayer
		r.Summary.Images, r.Summary.ImagesDiffering = 1, 1
	}
	return r, err
}

// image compares one image and adds it.
func (m *manyImages) image(ctx context.Context, i int) error {
	c, err := m.judged(ctx, i)
	if err != nil {
		return err
	}
	if err := m.explain(ctx, c, i); err != nil {
		return err
	}
	c.describe()
	own := c.table()
	shown := &m.images.List[i]
	shown.Verdict, shown.WorstRatio, shown.WorstLayer = c.overall(own), own.Summary.WorstRatio, own.Summary.WorstLayer
	if m.rows == nil {
		for _, r := range c.rows {
			m.rows = append(m.rows, &tally{row: row{node: r.node, values: r.values}})
		}
	}
	for k, r := range c.rows {
		m.rows[k].add(shown.Name, r.Layer)
	}
	return nil
}

// judged compares one image without a look at causes.
func (m *manyImages) judged(ctx context.Context, i int) (*comparison, error) {
	c := newComparison(m.ref, m.cand, m.opt)
	var err error
	if c.ref.Trace, c.cand.Trace, err = m.images.Traces(ctx, i); err != nil {
		return nil, err
	}
	align := c.align
	if m.last != nil {
		align = func(ctx context.Context) error { return c.alignAs(ctx, m.last) }
	}
	for _, step := range []func(context.Context) error{align, c.makeRows, c.isolate, c.checkReference, c.chain, c.judge, c.cover} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	m.last = &comparison{alignment: c.alignment, refShapes: c.refShapes, candShape: c.candShape}
	return c, nil
}

// alignAs takes the alignment of another image if its shapes are the same.
func (c *comparison) alignAs(ctx context.Context, other *comparison) error {
	for name, t := range c.ref.Trace.Values {
		if !t.Dims().Equal(other.refShapes[name]) {
			return c.align(ctx)
		}
	}
	for name, t := range c.cand.Trace.Values {
		if !t.Dims().Equal(other.candShape[name]) {
			return c.align(ctx)
		}
	}
	c.alignment, c.refShapes, c.candShape = other.alignment, other.refShapes, other.candShape
	return nil
}

// result is the table of all images with its verdict.
func (m *manyImages) result() *parity.Result {
	c := &comparison{ref: m.ref, cand: m.cand, opt: m.opt, structure: m.structure, byValue: map[string]*row{}}
	for _, t := range m.rows {
		r := t.total()
		c.rows = append(c.rows, r)
		for _, v := range r.values {
			c.byValue[v] = r
		}
	}
	c.findings = m.findings(c)
	r := c.result()
	r.Images, r.Summary.Images = m.images.List, len(m.images.List)
	for _, image := range r.Images {
		if image.Verdict != parity.Parity {
			r.Summary.ImagesDiffering++
		}
	}
	return r
}
