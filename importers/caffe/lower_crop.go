package caffe

import "parity/googlenet/layer"

func lowerCrop(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("crop_param")
	axis, err := s.axis(p, "axis", p.Int("axis", 2))
	if err != nil {
		return nil, err
	}
	return one(layer.Crop{Axis: axis, Offsets: p.Ints("offset")})
}
