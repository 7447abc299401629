package caffe

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// step is the lowering of one layer.
type step struct {
	*Layer
	// binary says that the file is a caffemodel.
	binary bool
	// phase is the layer's own, or else that of the network.
	phase Phase
	// in are the shapes of the bottoms; an unknown extent is -1 and a shape of unknown rank nil.
	in []tensor.Shape
	// reads lists, for a part of the lowering that does not read what the part before it writes, the parts and bottoms that
	// it reads. tops are the parts that the tops come from, if not all from the last.
	reads map[int][]int
	tops  []int
	// stored gives, for a blob that the file holds with other axes than the layer, the permutation that undoes it.
	stored map[int][]int
	// beside are layers for the last tops, one for each, that compute it from the first bottom. No gradient passes
	// through them.
	beside            []layer.Layer
	notes, transforms []string
	// drawn are further inputs of the graph that the layer reads: random numbers that whoever runs it supplies.
	drawn []graph.Input
}

// draw adds an input LAYER:what of the graph to those of the layer.
func (s *step) draw(what string, shape tensor.Shape) {
	s.drawn = append(s.drawn, graph.Input{Name: what, Shape: shape})
}

func (s *step) note(text string) { s.notes = append(s.notes, text) }

// axis makes an axis that may count from the end count from the start.
func (s *step) axis(m *Message, field string, axis int) (int, error) {
	rank := len(s.in[0])
	switch {
	case s.in[0] == nil && axis >= 0:
		return axis, nil
	case s.in[0] == nil:
		return 0, s.bad(m, field, "%s %d counts from the end of a shape that is not known", field, axis)
	case axis < -rank || axis >= rank:
		return 0, s.bad(m, field, "%s %d is outside the %d dimensions of its input %v", field, axis, rank, s.in[0])
	case axis < 0:
		return axis + rank, nil
	}
	return axis, nil
}

// inPlace tells whether the layer overwrites its first bottom.
func (s *step) inPlace() bool { return len(s.Top) > 0 && s.Top[0] == s.Bottom[0] }

// bad is an error about one setting of the layer.
func (s *step) bad(m *Message, field, format string, args ...any) error {
	if m == nil {
		return s.Errorf(format, args...)
	}
	return m.Errorf(field, "layer %q (%s): "+format, append([]any{s.Name, s.Type}, args...)...)
}

func one(l layer.Layer) ([]layer.Layer, error) { return []layer.Layer{l}, nil }

// lower applies the row of the layer's type.
func (s *step) lower() ([]layer.Layer, error) {
	row, ok := lowerings[s.Type]
	if !ok {
		if !slices.Contains(layerTypes, s.Type) {
			s.note(fmt.Sprintf("BVLC Caffe has no layer type %q%s", s.Type, didYouMean(s.Type, append(keys(lowerings), layerTypes...))))
		}
		return one(s.unknown())
	}
	if s.unlabelled(row) {
		s.note("has no labels, so that Caffe refuses the file as a network")
		return one(s.unknown())
	}
	if err := s.checkArity(row); err != nil {
		return nil, err
	}
	chain, err := row.lower(s)
	if err == nil && len(chain) == 0 {
		return one(s.unknown())
	}
	return chain, err
}

// unlabelled tells whether a caffemodel, which is read for its weights and seldom as a network, holds a loss layer
// without labels, as BVLC GoogLeNet's does.
func (s *step) unlabelled(row lowering) bool {
	return s.binary && slices.Contains(lossTypes, s.Type) && len(s.Bottom) < row.bottoms[0]
}

func (s *step) checkArity(row lowering) error {
	if n := len(s.Bottom); n < row.bottoms[0] || n > row.bottoms[1] {
		return s.Errorf("needs %s, found %d", arity(row.bottoms, "bottom"), n)
	}
	if n := len(s.Top); n < row.tops[0] || n > row.tops[1] {
		return s.Errorf("needs %s, found %d", arity(row.tops, "top"), n)
	}
	for i, b := range s.Bottom {
		if i < len(s.Top) && s.Top[i] == b && !row.inPlace {
			return s.Errorf("cannot overwrite the blob %q that it reads; give it a top of its own", b)
		}
	}
	return nil
}

func arity(limits [2]int, what string) string {
	switch {
	case limits[1] == many:
		return fmt.Sprintf("at least %d %s(s)", limits[0], what)
	case limits[0] == limits[1]:
		return fmt.Sprintf("%d %s(s)", limits[0], what)
	}
	return fmt.Sprintf("%d to %d %ss", limits[0], limits[1], what)
}

// unknown keeps a layer that cannot be computed, with what the file says of it.
func (s *step) unknown() layer.Unknown {
	u := layer.Unknown{Op: s.Type}
	for _, f := range s.Settings.Fields {
		m, ok := f.Value.(*Message)
		if !ok || m.Type == "ParamSpec" || m.Type == "NetStateRule" {
			continue
		}
		for _, pair := range m.summary() {
			u.Details = append(u.Details, layer.Attribute{Name: pair[0], Value: pair[1]})
		}
	}
	return u
}
