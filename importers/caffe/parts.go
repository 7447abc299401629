package caffe

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// bottom is, among what a part of a layer reads, the layer's bottom of that index. From 0 on stand the parts before it.
func bottom(i int) int { return -1 - i }

// parts are the nodes that one layer becomes. A part reads what the one before it writes, unless the step says otherwise,
// and has one output, unless it is the last.
type parts struct {
	*step
	name     string
	in, out  []string // the values of the bottoms and tops
	chain    []layer.Layer
	main     int // the part with the layer's name: the first with weights, or else the last
	nodes    []*graph.Node
	shapes   [][]tensor.Shape
	weighted []*graph.Param
}

// chain makes the nodes of one layer and returns the shapes of its tops.
func (l *lowerer) chain(s *step, chain []layer.Layer, name string, in, out []string) ([]*graph.Node, []tensor.Shape, error) {
	p := &parts{step: s, name: name, in: in, out: out, chain: chain}
	p.main = slices.IndexFunc(chain, func(x layer.Layer) bool { _, ok := x.(layer.Parametric); return ok })
	if p.main < 0 {
		p.main = len(chain) - 1
	}
	for i := range chain {
		if err := p.add(l, i); err != nil {
			return nil, nil, err
		}
	}
	if s.tops == nil {
		return p.nodes, padded(p.shapes[len(chain)-1], len(out)), nil
	}
	var tops []tensor.Shape
	for _, part := range s.tops {
		tops = append(tops, p.shapes[part][0])
	}
	return p.nodes, tops, nil
}

func (p *parts) add(l *lowerer, i int) error {
	in, shapes := p.read(i)
	n := &graph.Node{Name: p.name, Layer: p.chain[i], Inputs: in, Outputs: p.outputs(i), Origin: p.origin()}
	if i != p.main {
		n.Name = fmt.Sprintf("%s/%d", p.name, i)
	}
	out, err := infer(n.Layer, shapes)
	if err != nil {
		return p.Errorf("%v", err)
	}
	if i == p.main {
		n.Notes = p.notes
		if p.weighted, err = l.params(p.step, n.Layer, p.name, shapes); err != nil {
			return err
		}
		n.Origin = p.origin()
	}
	if _, ok := n.Layer.(layer.Parametric); ok || i == p.main {
		n.Params = p.weighted // further parts have the same weights
	}
	p.nodes, p.shapes = append(p.nodes, n), append(p.shapes, out)
	return nil
}

// read returns what a part reads, and the shapes of that.
func (p *parts) read(i int) (values []string, shapes []tensor.Shape) {
	from, ok := p.reads[i]
	if !ok && i == 0 {
		return p.in, p.step.in
	}
	if !ok {
		from = []int{i - 1}
	}
	for _, k := range from {
		if k < 0 {
			values, shapes = append(values, p.in[bottom(k)]), append(shapes, p.step.in[bottom(k)])
		} else {
			values, shapes = append(values, p.nodes[k].Outputs[0]), append(shapes, p.shapes[k][0])
		}
	}
	return values, shapes
}

// outputs names the values that a part writes.
func (p *parts) outputs(i int) []string {
	if p.tops != nil {
		if top := slices.Index(p.tops, i); top >= 0 {
			return p.out[top : top+1]
		}
	} else if i == len(p.chain)-1 {
		return p.out
	}
	return []string{fmt.Sprintf("%s/%d", p.out[0], i)}
}

// perBottom applies a layer to each bottom, which gives the top of the same place.
func (s *step) perBottom(l layer.Layer) ([]layer.Layer, error) {
	if len(s.Bottom) != len(s.Top) {
		return nil, s.Errorf("needs as many tops as bottoms, found %d and %d", len(s.Top), len(s.Bottom))
	}
	chain := []layer.Layer{l}
	for i, shape := range s.in[1:] {
		if shape != nil && s.in[0] != nil && !shape.Equal(s.in[0]) {
			return nil, s.Errorf("the bottoms %q and %q must have one shape, found %v and %v", s.Bottom[0], s.Bottom[i+1], s.in[0], shape)
		}
		chain = append(chain, l)
	}
	if len(chain) > 1 {
		s.reads = map[int][]int{}
		for i := range chain {
			s.reads[i] = []int{bottom(i)}
			s.tops = append(s.tops, i)
		}
	}
	return chain, nil
}
