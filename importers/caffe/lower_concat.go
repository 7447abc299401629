package caffe

import "parity/googlenet/layer"

func lowerConcat(s *step) ([]layer.Layer, error) {
	axis, err := s.oldAxis(s.Settings.Sub("concat_param"), "concat_dim")
	if err != nil {
		return nil, err
	}
	return one(layer.Concat{Axis: axis})
}
