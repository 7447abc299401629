package side

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// Network reads a side's model with its weights, and the shapes of what it is fed: those of the inputs beside the model, or what
// the model declares, an open batch counting as 1. shape, unless it is nil, replaces the shape of the only input.
func Network(s Spec, o Overrides, shape tensor.Shape) (*graph.Graph, map[string]tensor.Shape, error) {
	m, err := read(s, o)
	if err != nil {
		return nil, nil, err
	}
	if m.graph == nil {
		return nil, nil, fmt.Errorf("%s: has tensors but no model; name the model's file or folder", s.Text)
	}
	shapes := map[string]tensor.Shape{}
	for _, in := range m.graph.Inputs {
		s := in.Shape.Clone()
		if t := m.inputs[in.Name]; t != nil {
			s = t.Dims()
		}
		if shape != nil && len(m.graph.Inputs) == 1 {
			s = shape
		}
		if len(s) > 0 && s[0] < 0 {
			s[0] = 1
		}
		if _, ok := s.CheckedLen(); !ok || in.Shape == nil && m.inputs[in.Name] == nil && shape == nil {
			return nil, nil, fmt.Errorf("%s: the shape of the input %q is open (%s): give it with --shape, as in 1x3x224x224", m.spec.Text, in.Name, openText(in.Shape))
		}
		shapes[in.Name] = s
	}
	return m.graph, shapes, nil
}

func openText(s tensor.Shape) string {
	if s == nil {
		return "of any rank"
	}
	return s.String()
}
