package caffe

import "parity/googlenet/layer"

// lowerArgMax lowers the search along an axis, or without one in all of each item.
func lowerArgMax(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("argmax_param")
	l := layer.ArgMax{TopK: p.Int("top_k", 1), Flat: !p.Has("axis"), Values: p.Bool("out_max_val", false)}
	if l.Flat {
		return one(l)
	}
	axis, err := s.axis(p, "axis", p.Int("axis", 0))
	if err != nil {
		return nil, err
	}
	l.Axis = axis
	return one(l)
}
