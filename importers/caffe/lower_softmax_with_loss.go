package caffe

import "parity/googlenet/layer"

// lowerSoftmaxWithLoss lowers the softmax and its cross entropy. A second top holds the probabilities.
func lowerSoftmaxWithLoss(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("softmax_param")
	axis, err := s.axis(p, "axis", p.Int("axis", 1))
	if err != nil {
		return nil, err
	}
	if len(s.Top) == 2 {
		s.probabilities(axis)
		s.note("BVLC Caffe refuses a second top: it gives both loss weights to an inner softmax layer with one top")
	}
	return one(layer.SoftmaxCrossEntropy{Axis: axis, Labels: ignored(s.Settings.Sub("loss_param")), Normalization: s.normalization("VALID")})
}

// probabilities computes the second top. Caffe drops the gradient that comes to it.
func (s *step) probabilities(axis int) {
	s.beside = []layer.Layer{layer.Softmax{Axis: axis}}
	s.note("the gradient of the second top, the probabilities, is not passed on")
}
