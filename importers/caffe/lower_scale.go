package caffe

import "parity/googlenet/layer"

// lowerScale lowers the product with a parameter, and a bias, or with a second bottom, with a Bias after it.
func lowerScale(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("scale_param")
	bias := p.Bool("bias_term", false)
	if len(s.Bottom) == 1 {
		axis, more, err := s.paramAxes(p)
		if err != nil || axis < 0 {
			return nil, err
		}
		return one(layer.Scale{Axis: axis, More: more, Bias: bias})
	}
	axis, err := s.axisAlong(p)
	if err != nil || axis < 0 {
		return nil, err
	}
	chain := []layer.Layer{layer.ScaleAlong{Axis: axis}}
	if bias {
		chain = append(chain, layer.Bias{Axis: axis, More: len(s.in[1]) - 1})
	}
	return chain, nil
}

// paramAxes reads the axes that a parameter covers: the first, and how many more; none make it a scalar. An axis of -1
// says that they depend on a shape that is not known.
func (s *step) paramAxes(p *Message) (axis, more int, err error) {
	count := p.Int("num_axes", 1)
	if count < -1 {
		return 0, 0, s.bad(p, "num_axes", "num_axes must not be negative, or be -1 for all axes from axis on; found %d", count)
	}
	if axis, err = s.axis(p, "axis", p.Int("axis", 1)); err != nil {
		return 0, 0, err
	}
	rank := len(s.in[0])
	switch {
	case s.in[0] == nil && (count > 1 || count == -1 || axis > 1):
		return -1, 0, nil
	case s.in[0] == nil:
	case count == -1:
		count = rank - axis
	case axis+count > rank:
		return 0, 0, s.bad(p, "num_axes", "%d axes from axis %d on extend past the %d dimensions of the input %v", count, axis, rank, s.in[0])
	}
	if count == 0 {
		axis = 0
	}
	return axis, count - 1, nil
}

// axisAlong reads the first axis along which the second bottom lies, -1 if a shape is not known. num_axes is that of
// the second bottom, and ignored.
func (s *step) axisAlong(p *Message) (int, error) {
	if p.Has("num_axes") {
		s.note("num_axes is ignored: the second bottom has its own number of axes")
	}
	if s.in[0] == nil || s.in[1] == nil {
		return -1, nil
	}
	if len(s.in[1]) == 0 {
		return 0, nil
	}
	return s.axis(p, "axis", p.Int("axis", 1))
}
