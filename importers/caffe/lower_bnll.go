package caffe

import "parity/googlenet/layer"

// lowerBNLL lowers the binomial normal log likelihood, which others call softplus.
func lowerBNLL(*step) ([]layer.Layer, error) { return one(layer.Softplus{}) }
