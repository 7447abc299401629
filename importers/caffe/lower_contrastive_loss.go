package caffe

import "parity/googlenet/layer"

// lowerContrastiveLoss lowers the loss of pairs of vectors, which lie along the axis of channels.
func lowerContrastiveLoss(s *step) ([]layer.Layer, error) {
	for bottom, from := range []int{2, 2, 1} {
		if err := s.flat(bottom, from); err != nil {
			return nil, err
		}
	}
	p := s.Settings.Sub("contrastive_loss_param")
	return one(layer.ContrastiveLoss{Margin: float64(p.Float("margin", 1)), SquaredDistance: p.Bool("legacy_version", false)})
}
