package caffe

import "parity/googlenet/layer"

func lowerSoftmax(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("softmax_param")
	axis, err := s.axis(p, "axis", p.Int("axis", 1))
	if err != nil {
		return nil, err
	}
	return one(layer.Softmax{Axis: axis})
}
