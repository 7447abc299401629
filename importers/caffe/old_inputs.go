package caffe

import "slices"

// oldInputs turns the fields input, input_shape and input_dim, which came before Input layers, into one, as Caffe does.
// Caffemodels may name inputs without a shape.
func oldInputs(m *Message) (*Layer, error) {
	names := list[string](m, "input")
	shapes := list[*Message](m, "input_shape")
	if len(shapes) == 0 {
		var err error
		if shapes, err = fromDims(m, len(names)); err != nil {
			return nil, err
		}
	}
	if len(shapes) > 0 && len(shapes) != len(names) {
		return nil, m.Errorf("input_shape", "expected one input_shape for each of %d inputs, found %d", len(names), len(shapes))
	}
	s := &Message{Type: "LayerParameter", File: m.File, Position: m.last("input").Position}
	for _, shape := range shapes {
		s.sub("input_param", shape.Position).set("shape", shape.Position, shape)
	}
	return &Layer{Name: "input", Type: "Input", Top: names, Settings: s, Parts: []string{"input"}}, nil
}

// fromDims cuts the flat list input_dim into a shape of four extents for each input.
func fromDims(m *Message, inputs int) ([]*Message, error) {
	dims := list[int64](m, "input_dim")
	if len(dims) > 0 && len(dims) != 4*inputs {
		return nil, m.Errorf("input_dim", "expected 4 input_dim for each of %d inputs, found %d", inputs, len(dims))
	}
	var shapes []*Message
	for four := range slices.Chunk(dims, 4) {
		at := m.last("input_dim").Position
		shape := &Message{Type: "BlobShape", File: m.File, Position: at}
		for _, d := range four {
			shape.set("dim", at, d)
		}
		shapes = append(shapes, shape)
	}
	return shapes, nil
}
