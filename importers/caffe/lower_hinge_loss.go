package caffe

import "parity/googlenet/layer"

func lowerHingeLoss(s *step) ([]layer.Layer, error) {
	if _, _, err := s.old(0); err != nil {
		return nil, err
	}
	return one(layer.HingeLoss{Squared: s.Settings.Sub("hinge_loss_param").Text("norm", "L1") == "L2"})
}
