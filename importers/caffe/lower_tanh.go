package caffe

import "parity/googlenet/layer"

func lowerTanH(*step) ([]layer.Layer, error) { return one(layer.Tanh{}) }
