package side

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
)

// OpenBatch reads both sides' models, to be fed the images of a batch in a .npz file that holds the reference's inputs.
// A candidate that is not given inputs of its own is fed the same.
func OpenBatch(refSpec, candSpec Spec, refParts, candParts Overrides, file string, o ImageOptions) (*Images, error) {
	if candParts.Inputs == refParts.Inputs { // given for both sides
		candParts.Inputs = ""
	}
	refParts.Inputs = file
	pair, err := openPair(
		func() (*model, error) { return readModel(refSpec, refParts) },
		func() (*model, error) { return readModel(candSpec, candParts) },
	)
	if err != nil {
		return nil, err
	}
	images := pair.Images(o)
	if images == nil {
		return nil, fmt.Errorf("--images %s: expected a batch of images for each input, as many for all, of networks that compute them one by one", file)
	}
	return images, nil
}

// readModel reads a side's model, to be computed here on what the user names for it and not on what lies beside it.
func readModel(s Spec, o Overrides) (*model, error) {
	if s.Source == Recorded {
		return nil, fmt.Errorf("%s: --images computes both sides; it has no use for the source recorded", s.Text)
	}
	p, err := find(s)
	if err != nil {
		return nil, err
	}
	o.apply(&p)
	if p.Model == "" {
		return nil, fmt.Errorf("%s: has no model, and --images computes both sides: name the model's file or folder", s.Text)
	}
	p.Inputs, p.Tensors = o.Inputs, ""
	m := &model{spec: s, parts: p}
	if m.graph, err = m.parts.readGraph(); err != nil || p.Inputs == "" {
		return m, err
	}
	return m, m.readArrays()
}

// Images returns the images of a batch that both sides compute here, to be compared one by one; nil where something is
// recorded, where there is only one, or where a network does more with a batch than with each of its images.
func (p *Pair) Images(o ImageOptions) *Images {
	n := 0
	for _, m := range []*model{p.ref, p.cand} {
		if m.source() == Recorded || !m.hasBatch(&n) {
			return nil
		}
	}
	if n < 2 {
		return nil
	}
	list := make([]parity.Image, n)
	for i := range list {
		list[i].Name = fmt.Sprintf("%s[%d]", p.batchFile(), i)
	}
	return newImages(p.ref.fed(), p.cand.fed(), list, o)
}

func (p *Pair) batchFile() string {
	for _, m := range []*model{p.ref, p.cand} {
		if m.parts.Inputs != "" {
			return m.parts.Inputs
		}
	}
	return "inputs"
}

// fed feeds a model the images of its inputs.
func (m *model) fed() *fedSide {
	return &fedSide{model: m, feed: func(i int) (map[string]tensor.Any, error) {
		one := map[string]tensor.Any{}
		for name, t := range m.inputs {
			one[name] = imagesOf(t, i, i+1)
		}
		return one, nil
	}}
}

// hasBatch reports whether all inputs hold n images, any number if n is 0, and the network computes as many outputs of them
// as it does of one.
func (m *model) hasBatch(n *int) bool {
	one, all := map[string]tensor.Shape{}, map[string]tensor.Shape{}
	for _, in := range m.graph.Inputs {
		t := m.inputs[in.Name]
		if t == nil || len(t.Dims()) < 2 || *n > 0 && t.Dims()[0] != *n {
			return false
		}
		*n = t.Dims()[0]
		all[in.Name] = t.Dims()
		one[in.Name] = append(tensor.Shape{1}, t.Dims()[1:]...)
	}
	return imagewise(m.graph, one, all, *n)
}

// imagewise reports whether each output for a batch consists of what the images have.
func imagewise(g *graph.Graph, one, all map[string]tensor.Shape, n int) bool {
	ofOne, errOne := g.Shapes(one)
	ofAll, errAll := g.Shapes(all)
	if errOne != nil || errAll != nil {
		return false
	}
	for _, v := range g.Outputs {
		single, whole := ofOne[v], ofAll[v]
		if len(single) == 0 || len(whole) != len(single) || single[0] != 1 || whole[0] != n || !single[1:].Equal(whole[1:]) {
			return false
		}
	}
	return true
}
