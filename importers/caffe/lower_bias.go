package caffe

import "parity/googlenet/layer"

// lowerBias lowers the sum with a parameter or with a second bottom.
func lowerBias(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("bias_param")
	if len(s.Bottom) == 1 {
		axis, more, err := s.paramAxes(p)
		if err != nil || axis < 0 {
			return nil, err
		}
		return one(layer.Bias{Axis: axis, More: more})
	}
	axis, err := s.axisAlong(p)
	if err != nil || axis < 0 {
		return nil, err
	}
	return one(layer.AddAlong{Axis: axis})
}
