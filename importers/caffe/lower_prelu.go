package caffe

import "parity/googlenet/layer"

// lowerPReLU: Caffe counts channels along the second of at most four axes.
func lowerPReLU(s *step) ([]layer.Layer, error) {
	if n := len(s.in[0]); n > 4 {
		return nil, s.Errorf("takes an input of 2 to 4 dimensions, found %v", s.in[0])
	}
	return one(layer.PReLU{Shared: s.Settings.Sub("prelu_param").Bool("channel_shared", false)})
}
