package caffe

import "parity/googlenet/layer"

func lowerELU(s *step) ([]layer.Layer, error) {
	return one(layer.ELU{Alpha: float64(s.Settings.Sub("elu_param").Float("alpha", 1))})
}
