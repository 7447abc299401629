package caffe

import "parity/googlenet/layer"

func lowerFilter(s *step) ([]layer.Layer, error) {
	if len(s.Top) != len(s.Bottom)-1 {
		return nil, s.Errorf("needs a top for each bottom but the last, the selector; found %d tops for %d bottoms", len(s.Top), len(s.Bottom))
	}
	s.note("the batch of the tops depends on the selector's values")
	return one(layer.Filter{})
}
