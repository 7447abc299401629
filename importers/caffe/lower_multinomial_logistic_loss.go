package caffe

import "parity/googlenet/layer"

func lowerMultinomialLogisticLoss(s *step) ([]layer.Layer, error) {
	if _, _, err := s.old(0); err != nil {
		return nil, err
	}
	if err := s.flat(1, 1); err != nil {
		return nil, err
	}
	return one(layer.MultinomialLogisticLoss{})
}
