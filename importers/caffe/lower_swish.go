package caffe

import "parity/googlenet/layer"

func lowerSwish(s *step) ([]layer.Layer, error) {
	return one(layer.Swish{Beta: float64(s.Settings.Sub("swish_param").Float("beta", 1))})
}
