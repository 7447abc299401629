package caffe

import "parity/googlenet/layer"

func lowerAbsVal(*step) ([]layer.Layer, error) { return one(layer.Abs{}) }
