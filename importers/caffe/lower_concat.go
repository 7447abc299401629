package caffe

import "parity/googlenet/layer"

func lowerConcat(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("concat_param")
	if p.Has("axis") && p.Has("concat_dim") {
		return nil, s.bad(p, "concat_dim", "state axis or concat_dim, not both")
	}
	name := "axis"
	if p.Has("concat_dim") {
		name = "concat_dim"
	}
	axis, err := s.axis(p, name, p.Int(name, 1))
	if err != nil {
		return nil, err
	}
	return one(layer.Concat{Axis: axis})
}
