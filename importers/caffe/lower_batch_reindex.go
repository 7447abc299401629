package caffe

import "parity/googlenet/layer"

func lowerBatchReindex(*step) ([]layer.Layer, error) { return one(layer.BatchReindex{}) }
