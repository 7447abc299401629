package caffe

import "parity/googlenet/layer"

func lowerSigmoidCrossEntropyLoss(s *step) ([]layer.Layer, error) {
	labels := ignored(s.Settings.Sub("loss_param"))
	if labels.Ignore {
		s.note("targets lose their fraction before they are compared with ignore_label, so that -1 < t < 1 counts as 0")
	}
	return one(layer.SigmoidCrossEntropy{Labels: labels, Normalization: s.normalization("BATCH_SIZE")})
}
