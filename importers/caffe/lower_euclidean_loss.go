package caffe

import "parity/googlenet/layer"

func lowerEuclideanLoss(s *step) ([]layer.Layer, error) {
	if _, _, err := s.old(0); err != nil {
		return nil, err
	}
	return one(layer.EuclideanLoss{})
}
