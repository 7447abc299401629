package caffe

import "parity/googlenet/layer"

func lowerReLU(s *step) ([]layer.Layer, error) {
	return one(layer.ReLU{Slope: float64(s.Settings.Sub("relu_param").Float("negative_slope", 0))})
}
