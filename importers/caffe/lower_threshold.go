package caffe

import "parity/googlenet/layer"

func lowerThreshold(s *step) ([]layer.Layer, error) {
	return one(layer.Threshold{Threshold: float64(s.Settings.Sub("threshold_param").Float("threshold", 0))})
}
