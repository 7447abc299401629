package caffe

import "parity/googlenet/layer"

// lowerAccuracy lowers the share of right predictions. A second top holds that of each class.
func lowerAccuracy(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("accuracy_param")
	axis, err := s.axis(p, "axis", p.Int("axis", 1))
	if err != nil {
		return nil, err
	}
	return one(layer.Accuracy{Axis: axis, TopK: p.Int("top_k", 1), Labels: ignored(p), PerClass: len(s.Top) == 2})
}
