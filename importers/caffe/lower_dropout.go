package caffe

import "parity/googlenet/layer"

func lowerDropout(s *step) ([]layer.Layer, error) {
	return one(layer.Dropout{Ratio: float64(s.Settings.Sub("dropout_param").Float("dropout_ratio", 0.5))})
}
