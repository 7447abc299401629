package caffe

import "parity/googlenet/layer"

func lowerSigmoid(*step) ([]layer.Layer, error) { return one(layer.Sigmoid{}) }
