package caffe

import "parity/googlenet/layer"

// lowerClip: a clip_param must state both limits; without one both are 0.
func lowerClip(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("clip_param")
	if p != nil && !(p.Has("min") && p.Has("max")) {
		return nil, s.bad(p, "", "clip_param must state min and max")
	}
	if p == nil {
		s.note("without a clip_param both limits are 0, and so is everything that comes out")
	}
	return one(layer.Clip{Min: float64(p.Float("min", 0)), Max: float64(p.Float("max", 0))})
}
